#!/usr/bin/env node
// What Weft's scripts cost a Redis: processor time and memory. It calls the scripts themselves, as servers and workers do, and asks Redis for
// the time that its main thread used. Needs a Redis that nobody else uses, and empties it.
import { readFileSync } from 'node:fs'
import { Redis } from './redis.mjs'

const usage = `node benchmarks/scaling/redis-costs.mjs --port 6379 --empty-it
  --port      port of a Redis on this machine that nobody else uses
  --empty-it  says that all that is in it may be deleted
  --rate      operations a second (2000)
  --seconds   of each measurement (5)`

const options = { port: undefined, rate: 2000, seconds: 5 }
let mayEmpty = false
for (let i = 2; i < process.argv.length; i++) {
  const name = process.argv[i].slice(2)
  if (name === 'empty-it') mayEmpty = true
  else if (name in options && Number(process.argv[i + 1]) > 0) options[name] = Number(process.argv[++i])
  else fail(name === 'help' ? undefined : `not understood: ${process.argv[i]}`)
}
if (options.port === undefined || !mayEmpty) fail('--port and --empty-it are needed')

function fail(reason) {
  if (reason === undefined) console.log(usage)
  else console.error(`${reason}\n${usage}`)
  process.exit(reason === undefined ? 0 : 2)
}

const ROOMS = 1000
const UPDATE = Buffer.concat([Buffer.from([0, 2, 50]), Buffer.alloc(50, 7)])
const STATE = JSON.stringify({ user: { name: 'x'.repeat(100), color: '#30bced' } }).padEnd(150)
const redis = await Redis.connect(options.port)
const script = (name) =>
  redis.load(readFileSync(new URL(`../../room/src/main/resources/dev/weft/room/${name}.lua`, import.meta.url)))
const append = await script('append')
const presence = await script('presence')
const claim = await script('claim')
const backlog = await script('backlog')
const finish = await script('finish')

const stream = (room) => `y:room:room-${room}:index`
const hash = (room) => `y:presence:room-${room}:index`
const rooms = [...Array(ROOMS).keys()]
const names = rooms.map(stream)

await redis.call('FLUSHALL')
const version = /redis_version:(\S+)/.exec(await redis.call('INFO', 'server'))[1]
console.log(`Redis ${version}, ${options.rate} operations a second, ${ROOMS} rooms, updates of 50 bytes, states of 150`)

const idle = await used(() => pause(options.seconds * 1000))
row('asleep, share of a core', (idle / options.seconds) * 100, '%')

const appending = (i) => appendTo(i % ROOMS)
const appendTo = (room) => redis.call('EVALSHA', append, 3, stream(room), 'y:worker', `y:erased:room-${room}:index`, UPDATE, 16384)
for (const room of rooms) await appendTo(room)
const nodes = []
for (const subscribers of [0, 1, 2, 4]) {
  while (nodes.length < subscribers) {
    const node = await Redis.connect(options.port)
    await node.subscribe(names)
    nodes.push(node)
  }
  row(`append, ${subscribers} nodes subscribed`, await each(appending), 'us')
}
let clock = 1
const announcing = (i) =>
  redis.call('EVALSHA', presence, 2, hash(i % ROOMS), stream(i % ROOMS), 60000, 10000, 1000 + (Math.floor(i / ROOMS) % 4), clock++, STATE)
row('presence, 4 nodes subscribed', await each(announcing), 'us')
while (nodes.length > 1) nodes.pop().close()
row('presence, 1 node subscribed', await each(announcing), 'us')
nodes.pop().close()

// A task's life: taken, claimed, looked at, ten entries read, these trimmed; the room is queued again while its stream has more.
const TASKS = 20
await redis.call('XGROUP', 'CREATE', 'y:worker', 'y:worker', '0')
let tasks = 0
const taskTime = await used(async () => {
  while (true) {
    const taken = await redis.call('XREADGROUP', 'GROUP', 'y:worker', 'one', 'COUNT', TASKS, 'STREAMS', 'y:worker', '>')
    if (taken === null) break
    const ids = taken[0][1].map((task) => task[0])
    const claimed = await redis.call('EVALSHA', claim, 1, 'y:worker', 'y:worker', 'one', 0, ...ids)
    for (let i = 0; i < claimed.length; i += 4) {
      const [id, key, stored] = claimed.slice(i, i + 3)
      await redis.call('EVALSHA', backlog, 1, key, stored || '0-0')
      const entries = await redis.call('XRANGE', key, `(${stored || '0-0'}`, '+', 'COUNT', 10)
      const last = entries.at(-1)[0]
      const [millis, sequence] = last.split('-')
      const next = `${millis}-${Number(sequence) + 1}`
      await redis.call('EVALSHA', finish, 2, key, 'y:worker', 'y:worker', id, last, next, 0)
      tasks++
    }
    await pause(5)
  }
})
row('compaction of a room, ten entries of 50 bytes', (taskTime / tasks) * 1e6, 'us')

// Memory.
await redis.call('FLUSHALL')
let before = await memory()
for (const room of rooms) await appendTo(room)
const first = (await memory()) - before
for (let i = 0; i < 100; i++) await Promise.all(rooms.map(appendTo))
const hundred = await memory()
for (let i = 0; i < 300; i++) await Promise.all(rooms.map(appendTo))
row('memory of a room with its first entries and its task', first / ROOMS, 'bytes')
row('memory of a further entry', ((await memory()) - hundred) / ROOMS / 300, 'bytes')
before = await memory()
for (let i = 0; i < 4 * ROOMS; i++) await announcing(i)
row("memory of a room's presence, 4 people", ((await memory()) - before) / ROOMS, 'bytes')
before = await memory()
const node = await Redis.connect(options.port)
const CHANNELS = 20_000
const channels = [...Array(CHANNELS).keys()].map((room) => `y:room:other-${room}:index`)
const subscribing = await used(() => node.subscribe(channels))
row('subscribing a room', (subscribing / CHANNELS) * 1e6, 'us')
row('memory of a subscription', ((await memory()) - before) / CHANNELS, 'bytes')
node.close()
await redis.call('FLUSHALL')
redis.close()

/** Microseconds of Redis for each call of `operation`, at the rate of the options. */
async function each(operation) {
  let count = 0
  const seconds = await used(async () => {
    const from = Date.now()
    const all = []
    while (Date.now() - from < options.seconds * 1000) {
      const due = ((Date.now() - from) * options.rate) / 1000
      while (count < due) all.push(operation(count++))
      await pause(1)
    }
    await Promise.all(all)
  })
  return (seconds / count) * 1e6
}

async function used(work) {
  const cpu = async () => {
    const info = await redis.call('INFO', 'cpu')
    return Number(/used_cpu_sys_main_thread:(\S+)/.exec(info)[1]) + Number(/used_cpu_user_main_thread:(\S+)/.exec(info)[1])
  }
  const from = await cpu()
  await work()
  return (await cpu()) - from
}

async function memory() {
  return Number(/used_memory:(\d+)/.exec(await redis.call('INFO', 'memory'))[1])
}

function pause(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis))
}

function row(what, value, unit) {
  console.log(`${what.padEnd(62)} ${value.toFixed(value < 10 ? 2 : 0).padStart(8)} ${unit}`)
}
