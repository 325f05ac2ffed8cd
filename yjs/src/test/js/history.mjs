// Random histories of documents edited by several clients, made by Yjs itself and repeatable from a seed.
import * as Y from 'yjs'

/** A small generator of random numbers (mulberry32), so that a seed makes the same history everywhere. */
export const randomOf = seed => {
  let state = seed | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return {
    int: n => Math.floor(next() * n),
    chance: p => next() < p,
    pick: list => list[Math.floor(next() * list.length)],
    shuffled: list => {
      const copy = list.slice()
      for (let i = copy.length - 1; i > 0; i--) {
        const j = Math.floor(next() * (i + 1))
        ;[copy[i], copy[j]] = [copy[j], copy[i]]
      }
      return copy
    }
  }
}

const words = ['a', 'weft ', 'und ', 'naïve', '文字', 'longer words in a row ', '\u0000\ufeff', 'x\ny']
const emoji = ['😀', '👩‍👩‍👧', 'a😀b🎉c']

const values = random => random.pick([
  () => random.int(1000), () => -random.int(100000), () => 2 ** 31, () => -0, () => 0.5, () => 1e300, () => 0.1,
  () => true, () => false, () => null, () => undefined, () => 'text "quoted" \\ ' + random.pick(words),
  () => random.int(5), () => ({ nested: { list: [1, 'two', [null, 3.25]] }, 7: 'seven', empty: {} }),
  () => new Uint8Array([1, 2, 255]), () => 12345678901234567890n, () => [], () => 'k'.repeat(130)
])()

/** Yjs takes neither undefined nor a bigint as an element of an array. */
const element = random => {
  const value = values(random)
  return value === undefined || typeof value === 'bigint' ? null : value
}

const attributes = random => random.pick([
  { bold: true }, { bold: null }, { italic: { level: 2, name: 'ü"\u2028\\' } }, { color: '#f00', size: 1.5 }, { link: null },
  { size: -1e-7 }, { size: 1e21 }, { size: 123456789012345680000 }, { tag: [1, -0, 2 ** 40, 'x', { 10: 1, 2: 2 }] }
])

const nested = random => random.pick([
  () => new Y.Map([['key', values(random)]]),
  () => Y.Array.from([1, 'two', element(random)]),
  () => new Y.Text('nested'),
  () => new Y.XmlElement('p'),
  () => new Y.XmlFragment(),
  () => new Y.XmlText('xml'),
  () => new Y.XmlHook('hook')
])()

const types = doc => ({
  text: doc.getText('text'), array: doc.getArray('array'), map: doc.getMap('map'), xml: doc.getXmlFragment('xml')
})

/** Any type that the document holds now, roots and nested ones. */
const someType = (doc, random) => {
  let type = random.pick(Object.values(types(doc)))
  while (random.chance(0.6)) {
    const children = []
    for (let item = type._start; item !== null; item = item.right) {
      if (!item.deleted && item.content.constructor === Y.ContentType) children.push(item.content.type)
    }
    type._map.forEach(item => {
      if (!item.deleted && item.content.constructor === Y.ContentType) children.push(item.content.type)
    })
    if (children.length === 0) break
    type = random.pick(children)
  }
  return type
}

const editText = (text, random, strings) => {
  const at = random.int(text.length + 1)
  const rest = text.length - at
  switch (random.int(6)) {
    case 0: case 1: case 2: text.insert(at, random.pick(strings)); break
    case 3: if (rest > 0) text.delete(at, 1 + random.int(Math.min(rest, 6))); break
    case 4: if (rest > 0) text.format(at, 1 + random.int(Math.min(rest, 8)), attributes(random)); break
    case 5: random.chance(0.5)
      ? text.insertEmbed(at, { image: 'ü.png', width: random.int(9) }, random.chance(0.5) ? attributes(random) : {})
      : text.insert(at, random.pick(strings), attributes(random))
  }
}

const editList = (list, random, content) => {
  const at = random.int(list.length + 1)
  if (random.chance(0.3) && at < list.length) {
    list.delete(at, 1 + random.int(Math.min(list.length - at, 3)))
  } else {
    list.insert(at, content())
  }
}

const editMap = (map, random) => {
  const key = random.pick(['one', 'two', 'ключ', ''])
  if (random.chance(0.2)) map.delete(key)
  else if (random.chance(0.3)) map.set(key, nested(random))
  else if (random.chance(0.05)) {
    map.set(key, new Y.Doc({ guid: 'guid-' + random.int(99), meta: { n: random.int(9) }, autoLoad: random.chance(0.5) }))
  } else map.set(key, values(random))
}

const edit = (doc, random, strings) => {
  const type = someType(doc, random)
  switch (type.constructor) {
    case Y.Text: case Y.XmlText: editText(type, random, strings); break
    case Y.Array: editList(type, random, () => random.chance(0.3)
      ? [nested(random)]
      : Array.from({ length: 1 + random.int(3) }, () => element(random))); break
    case Y.Map: case Y.XmlHook: editMap(type, random); break
    case Y.XmlElement: if (random.chance(0.3)) { type.setAttribute(random.pick(['id', 'class']), 'v' + random.int(9)); break }
    // falls through
    default: editList(type, random, () => [random.chance(0.5) ? new Y.XmlText(random.pick(strings)) : new Y.XmlElement('div')])
  }
}

/** All updates of a history in the order they were made. */
const run = (random, strings, steps = 0) => {
  const updates = []
  const updatesV2 = []
  const docs = Array.from({ length: 1 + random.int(4) }, (_, i) => {
    const doc = new Y.Doc({ gc: random.chance(0.6), guid: 'doc' })
    // Distinct, because two clients of one id make documents that no two replicas agree on.
    doc.clientID = 4 * (random.chance(0.05) ? 2 ** 51 - 10 : random.int(random.chance(0.3) ? 75 : 2 ** 30)) + i
    const undo = random.chance(0.3) ? new Y.UndoManager(Object.values(types(doc)), { captureTimeout: 0 }) : null
    doc.on('update', (update, origin) => { if (origin !== 'remote') updates.push(update) })
    doc.on('updateV2', (update, origin) => { if (origin !== 'remote') updatesV2.push(update) })
    return { doc, undo, seen: 0 }
  })
  for (let i = steps || 3 + random.int(60); i > 0; i--) {
    const peer = random.pick(docs)
    if (random.chance(0.25)) {
      const other = random.pick(docs).doc
      Y.applyUpdate(peer.doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(peer.doc)), 'remote')
    } else if (peer.undo !== null && random.chance(0.2)) {
      random.chance(0.6) ? peer.undo.undo() : peer.undo.redo()
    } else {
      const edits = random.chance(0.3) ? 1 + random.int(5) : 1
      peer.doc.transact(() => { for (let j = 0; j < edits; j++) edit(peer.doc, random, strings) })
    }
  }
  return { updates, updatesV2, docs: docs.map(({ doc }) => doc), peers: docs }
}

/**
 * Clients that hold the states of a history, with their undo managers, and all updates that any of them knows: in any order,
 * some twice, some merged, with states of whole documents among them. Nothing is missing.
 */
export const clientsOf = seed => {
  const random = randomOf(seed)
  const { updates: made, docs, peers } = run(random, words)
  let updates = made.concat(made.filter(() => random.chance(0.2)))
  updates.push(...docs.filter(() => random.chance(0.5)).map(doc => Y.encodeStateAsUpdate(doc)))
  updates = random.shuffled(updates)
  if (random.chance(0.5)) updates = [Y.mergeUpdates(updates.splice(0, random.int(updates.length + 1))), ...updates]
  return { random, updates, peers }
}

/** Edits by some clients, each seeing now and then what another has. @return the updates, and how many undo and redo made */
export const editsOf = (random, peers) => {
  const updates = []
  peers.forEach(({ doc }) => doc.on('update', (update, origin) => { if (origin !== 'remote') updates.push(update) }))
  let undone = 0
  for (let i = 5 + random.int(25); i > 0; i--) {
    const peer = random.pick(peers)
    if (random.chance(0.2)) {
      const other = random.pick(peers).doc
      Y.applyUpdate(peer.doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(peer.doc)), 'remote')
    } else if (peer.undo !== null && random.chance(0.5)) {
      const before = updates.length
      random.chance(0.7) ? peer.undo.undo() : peer.undo.redo()
      if (updates.length > before) undone++
    } else {
      peer.doc.transact(() => edit(peer.doc, random, words))
    }
  }
  return { updates, undone }
}

/**
 * A history as a server may see it: updates in any order, some twice, some missing, some merged before, states of whole
 * documents and differences among them.
 */
export const historyOf = seed => {
  const random = randomOf(seed)
  const withEmoji = random.chance(0.25)
  const { updates: made, docs } = run(random, withEmoji ? words.concat(emoji) : words)
  const loses = random.chance(0.35)
  let updates = made.filter(() => !(loses && random.chance(0.15)))
  if (random.chance(0.6)) updates = random.shuffled(updates)
  if (random.chance(0.3)) updates = updates.concat(updates.filter(() => random.chance(0.3)))
  if (random.chance(0.4)) {
    const grouped = []
    while (updates.length > 0) {
      const group = updates.splice(0, 1 + random.int(5))
      grouped.push(group.length > 1 && random.chance(0.7) ? Y.mergeUpdates(group) : group[0])
      if (grouped.at(-1) !== group[0]) continue
      grouped.push(...group.slice(1))
    }
    updates = grouped
  }
  if (random.chance(0.3)) updates.push(Y.encodeStateAsUpdate(random.pick(docs)))
  if (random.chance(0.3)) {
    updates.push(Y.encodeStateAsUpdate(random.pick(docs), Y.encodeStateVector(random.pick(docs))))
  }
  if (random.chance(0.5)) updates = random.shuffled(updates)
  return { updates, docs, withEmoji, random }
}

/** A state vector with clocks anywhere, inside items too. */
const somewhereIn = (random, vector) => {
  const clocks = new Map()
  Y.decodeStateVector(vector).forEach((clock, client) => { if (random.chance(0.7)) clocks.set(client, random.int(clock + 1)) })
  return Y.encodeStateVector(clocks)
}

/**
 * What is hardest to merge: lists of updates that overlap, are cut inside items, have gaps, and were merged before. Some hold
 * nothing but parts of one collected document, so that collected structs overlap and no other stands against them.
 */
export const overlapsOf = seed => {
  const random = randomOf(seed)
  const { updates: made, docs } = run(random, random.chance(0.2) ? words.concat(emoji) : words, 3 + random.int(25))
  let pool = made
  let states = docs
  if (random.chance(0.4)) {
    const all = new Y.Doc({ gc: random.chance(0.8), guid: 'doc' })
    docs.forEach(doc => Y.applyUpdate(all, Y.encodeStateAsUpdate(doc)))
    pool = []
    states = [all]
  }
  const some = (list, n) => Array.from({ length: 1 + random.int(n) }, () => random.pick(list))
  states = states.map(doc => Y.encodeStateAsUpdate(doc))
  pool = pool.concat(states)
  for (let i = 2 + random.int(6); i > 0; i--) {
    const state = random.pick(states)
    pool.push(Y.diffUpdate(state, somewhereIn(random, Y.encodeStateVectorFromUpdate(state))))
  }
  for (let i = 3 + random.int(12); i > 0; i--) {
    const merged = Y.mergeUpdates(some(pool, 5))
    pool.push(random.chance(0.5) ? merged : Y.diffUpdate(merged, somewhereIn(random, Y.encodeStateVectorFromUpdate(merged))))
  }
  return Array.from({ length: 20 }, () => some(pool, random.chance(0.1) ? 80 : 8))
}

/** Updates in encoding V2, of documents that hold what JSON does not know; two at least. */
export const historyV2Of = seed => {
  const random = randomOf(seed)
  const { updatesV2, docs } = run(random, words, 3 + random.int(30))
  docs[0].transact(() => {
    docs[0].getText('text').insertEmbed(0, { gone: undefined, zero: -0, bytes: new Uint8Array([7]), far: Infinity })
    docs[0].getText('text').insert(0, 'formatted', { odd: [undefined, -0, NaN], '': {} })
  })
  const updates = updatesV2.filter(() => !random.chance(0.1))
  const states = docs.map(doc => Y.encodeStateAsUpdateV2(doc))
  const pool = updates.concat(states)
  for (let i = random.int(6); i > 0; i--) {
    const state = random.pick(states)
    pool.push(Y.diffUpdateV2(state, somewhereIn(random, Y.encodeStateVectorFromUpdateV2(state))))
    pool.push(Y.mergeUpdatesV2([random.pick(pool), random.pick(pool), random.pick(pool)]))
  }
  const all = random.shuffled(pool).concat(random.pick(pool))
  return { updates: all, have: somewhereIn(random, Y.encodeStateVectorFromUpdateV2(Y.mergeUpdatesV2(all))) }
}

/** Documents that hold subdocuments here and there, and delete and overwrite them. */
export const subdocumentsOf = seed => {
  const random = randomOf(seed)
  const updates = []
  const docs = Array.from({ length: 1 + random.int(3) }, (_, i) => {
    const doc = new Y.Doc({ gc: random.chance(0.6), guid: 'doc' })
    doc.clientID = 1 + i
    doc.on('update', (update, origin) => { if (origin !== 'remote') updates.push(update) })
    return doc
  })
  const subdocument = () => new Y.Doc({
    guid: 'guid-' + random.int(20), gc: random.chance(0.7), autoLoad: random.chance(0.3), meta: random.chance(0.5) ? element(random) : null
  })
  for (let i = 5 + random.int(30); i > 0; i--) {
    const doc = random.pick(docs)
    if (random.chance(0.3)) {
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(random.pick(docs)), 'remote')
      continue
    }
    const type = someType(doc, random)
    doc.transact(() => {
      if (type instanceof Y.Map) {
        const key = random.pick(['one', 'two'])
        random.chance(0.2) ? type.delete(key) : type.set(key, random.chance(0.3) ? new Y.Array() : subdocument())
      } else if (type instanceof Y.Array) {
        const at = random.int(type.length + 1)
        if (random.chance(0.3) && at < type.length) type.delete(at, 1)
        else type.insert(at, [random.chance(0.3) ? new Y.Map() : subdocument()])
      }
    })
  }
  return { updates, docs }
}
