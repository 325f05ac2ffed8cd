#!/usr/bin/env node
// What so many connections and rooms need: arithmetic over what things cost. docs/internals/scaling.md shows what it prints and explains it;
// a test holds the two together. Node's own library only.

// What things cost. us: microseconds of one core; measured: on the machine of RESULTS.md, see the page; assumed: not measured yet.
const COSTS = {
  server: {
    receive: cost(85, 'us', 'measured', 'an update of a client: received, checked, appended, its answer'),
    hear: cost(40, 'us', 'measured', 'a message of Redis: received, framed; on each node with someone in the room'),
    deliver: cost(10, 'us', 'measured', 'a frame written to one connection, most of it the system call'),
    connect: cost(690, 'us', 'measured', 'a connection: upgrade, token, permission, its room subscribed and read, its end'),
    join: cost(100, 'us', 'assumed', 'what a small document adds to that: loaded, sent'),
    connectionBytes: cost(2_400, 'bytes', 'measured', 'memory of a connection'),
    roomBytes: cost(5_600, 'bytes', 'measured', 'memory of a room on a node'),
    processBytes: cost(190_000_000, 'bytes', 'measured', 'memory of a server without connections'),
  },
  redis: {
    append: cost(37, 'us', 'measured', 'an append, one node subscribed'),
    presence: cost(59, 'us', 'measured', 'a state of presence, one node subscribed'),
    publish: cost(2, 'us', 'measured', 'each further node that is subscribed'),
    task: cost(177, 'us', 'measured', 'a compaction: queue, reading, trimming'),
    join: cost(60, 'us', 'assumed', 'a join: subscribing, position, stream and presence read'),
    roomBytes: cost(4_418, 'bytes', 'measured', "a room's stream with its first entries, and its task"),
    entryBytes: cost(69, 'bytes', 'measured', 'an entry of 50 bytes, when there are many'),
    personBytes: cost(320, 'bytes', 'measured', "one person's presence of 150 bytes"),
    subscriptionBytes: cost(226, 'bytes', 'measured', "a node's subscription to a room"),
  },
  worker: {
    task: cost(1_300, 'us', 'measured', 'a compaction of a small document'),
  },
  storage: {
    task: cost(260, 'us', 'measured', 'a compaction of a small document'),
    read: cost(100, 'us', 'assumed', 'reading a small document'),
  },
}

// What is asked of it: options, with what they mean.
const TRAFFIC = {
  connections: traffic(1_000_000, 'connections'),
  'active-rooms': traffic(100_000, 'rooms in which somebody writes'),
  'people-active': traffic(4, 'connections in each of these'),
  'people-idle': traffic(2, 'connections in each other room'),
  updates: traffic(1, 'updates a second in each active room, of 50 bytes'),
  cursors: traffic(1, 'moves of cursors a second in each active room, of 150 bytes'),
  renewal: traffic(15, 'seconds after which a stock client renews its presence'),
  session: traffic(1800, 'seconds that a connection lasts'),
  document: traffic(50_000, 'bytes of a document'),
  debounce: traffic(10, 'seconds between two compactions of an active room'),
  lifetime: traffic(60, 'seconds that entries stay in Redis'),
  cores: traffic(8, 'cores of a server node'),
  memory: traffic(16, 'GiB of a server node'),
  load: traffic(0.5, 'share of a core that is used, of servers, workers and Redis alike; the rest is for peaks and for nodes that fail'),
}

function cost(value, unit, source, how) {
  return { value, unit, source, how }
}

function traffic(value, how) {
  return { value, how }
}

const GIB = 2 ** 30
const given = options(process.argv.slice(2))
const server = values(COSTS.server)
const redis = values(COSTS.redis)
const worker = values(COSTS.worker)
const storage = values(COSTS.storage)

function values(costs) {
  return Object.fromEntries(Object.entries(costs).map(([name, { value }]) => [name, value]))
}

/** Reads `--name value`. */
function options(args) {
  const result = Object.fromEntries(Object.entries(TRAFFIC).map(([name, { value }]) => [name, value]))
  for (let i = 0; i < args.length; i += 2) {
    const name = args[i].slice(2)
    if (args[i] === '--help') {
      console.log('node benchmarks/scaling/model.mjs [--option number …]')
      for (const [each, { value, how }] of Object.entries(TRAFFIC)) console.log(`  --${each.padEnd(14)} ${how} (${value})`)
      process.exit(0)
    }
    const value = Number(args[i + 1])
    if (!(name in result) || !args[i].startsWith('--') || !(value > 0)) {
      console.error(`not understood: ${args.slice(i, i + 2).join(' ')}; --help tells the options, whose values are numbers above 0`)
      process.exit(2)
    }
    result[name] = value
  }
  return result
}

/** What is needed if a room's people are spread over so many nodes as `spread` says. */
function needs(spread) {
  const t = given
  const activePeople = Math.min(t.connections, t['active-rooms'] * t['people-active'])
  const idlePeople = t.connections - activePeople
  const idleRooms = idlePeople / t['people-idle']

  // Each second.
  const updates = t['active-rooms'] * t.updates
  const cursors = t['active-rooms'] * t.cursors
  const renewals = t.connections / t.renewal
  const delivered =
    (updates + cursors) * t['people-active'] +
    (activePeople / t.renewal) * t['people-active'] +
    (idlePeople / t.renewal) * t['people-idle']
  const joins = t.connections / t.session
  const tasks = t['active-rooms'] / t.debounce

  // The number of nodes depends on how many nodes each room is on, and that on the number of nodes.
  let nodes = 1
  let result
  for (let i = 0; i < 50; i++) {
    const active = spread(t['people-active'], nodes)
    const idle = spread(t['people-idle'], nodes)
    const heard = (updates + cursors + activePeople / t.renewal) * active + (idlePeople / t.renewal) * idle
    const roomsOnNodes = t['active-rooms'] * active + idleRooms * idle
    const serverCores =
      ((updates + cursors + renewals) * server.receive + heard * server.hear + delivered * server.deliver +
        joins * (server.connect + server.join)) / 1e6
    const byCores = serverCores / t.cores / t.load
    const used = t.connections * server.connectionBytes + roomsOnNodes * server.roomBytes
    const byMemory = used / (t.memory * GIB * 0.75 - server.processBytes)
    nodes = Math.max(1, Math.ceil(Math.max(byCores, byMemory)))
    const further = (each, rooms) => each * Math.max(0, rooms - 1)
    const redisCores =
      (updates * redis.append + (cursors + renewals) * redis.presence +
        (further(updates + cursors + activePeople / t.renewal, active) + further(idlePeople / t.renewal, idle)) * redis.publish +
        tasks * redis.task + joins * redis.join) / 1e6
    const redisBytes =
      t['active-rooms'] * Math.max(redis.roomBytes, t.updates * t.lifetime * redis.entryBytes) +
      t.connections * redis.personBytes + roomsOnNodes * redis.subscriptionBytes
    result = { nodes, active, heard, roomsOnNodes, serverCores, byCores, byMemory, used, redisCores, redisBytes }
  }
  return {
    ...result, updates, cursors, renewals, delivered, joins, tasks, idleRooms,
    partitions: Math.ceil(result.redisCores / t.load),
    workerCores: (tasks * worker.task) / 1e6,
    storageCores: (tasks * storage.task + joins * storage.read) / 1e6,
    storedBytes: tasks * t.document,
  }
}

/** Each connection on a node of its own choice: how many different ones so many people are on, on average. */
const anywhere = (people, nodes) => nodes * (1 - (1 - 1 / nodes) ** people)
/** A load balancer that sends all of a room to one node. */
const together = () => 1

const columns = [needs(anywhere), needs(together)]
const rows = []
const one = (what, value) => rows.push([what, ...columns.map(value)])
const core = (value) => value.toFixed(value < 10 ? 1 : 0)

table(
  ['what is asked', '', 'option'],
  Object.entries(TRAFFIC).map(([name, { how }]) => [how, amount(given[name]), `\`--${name}\``]))
console.log()
table(
  ['who', 'what', 'costs', ''],
  Object.entries({ server: 'server', redis: 'Redis', worker: 'worker', storage: 'Postgres' }).flatMap(([group, name]) =>
    Object.values(COSTS[group]).map(({ value, unit, source, how }) => [name, how, `${amount(value)} ${unit}`, source])))
console.log()
const first = columns[0]
table(
  ['each second, in all', ''],
  [
    ['updates received', count(first.updates)],
    ['moves of cursors received', count(first.cursors)],
    ['renewals of presence received', count(first.renewals)],
    ['frames delivered', count(first.delivered)],
    ['connections made, and lost', count(first.joins)],
    ['compactions', count(first.tasks)],
    ['documents stored', mega(first.storedBytes)],
  ])
one('nodes that have a given active room', (n) => n.active.toFixed(1))
one('rooms on a node', (n) => count(n.roomsOnNodes / n.nodes))
one('connections on a node', (n) => count(given.connections / n.nodes))
one('cores at work in servers', (n) => core(n.serverCores))
one(`**server nodes** of ${given.cores} cores and ${given.memory} GiB`, (n) => `**${n.nodes}** (by ${n.byCores > n.byMemory ? 'cores' : 'memory'})`)
one('memory of connections and rooms on a node', (n) => mega(n.used / n.nodes))
one('cores at work in Redis', (n) => core(n.redisCores))
one('**Redis partitions**', (n) => `**${n.partitions}**`)
one('memory of Redis, all partitions', (n) => mega(n.redisBytes))
one('cores at work in workers', (n) => core(n.workerCores))
one('**worker cores**', (n) => `**${Math.ceil(n.workerCores / given.load)}**`)
one('cores at work in Postgres', (n) => core(n.storageCores))
console.log()
table(['what it needs', 'connections anywhere', "a room's connections together"], rows)

function count(value) {
  return Math.round(value).toLocaleString('en')
}

function amount(value) {
  return value.toLocaleString('en')
}

function mega(value) {
  return value >= GIB ? `${(value / GIB).toFixed(value < 10 * GIB ? 1 : 0)} GiB` : `${(value / 2 ** 20).toFixed(0)} MiB`
}

function table(head, lines) {
  console.log(`| ${head.join(' | ')} |`)
  const aligned = lines[0].map((cell) => (/^\**[\d.,]+/.test(cell) ? '--:' : '---'))
  console.log(`| ${aligned.join(' | ')} |`)
  for (const line of lines) console.log(`| ${line.join(' | ')} |`)
}
