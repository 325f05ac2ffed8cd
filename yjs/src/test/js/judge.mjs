// What Yjs makes of updates: the expected results, and states to compare.
import * as Y from 'yjs'
import { clientsOf, editsOf, historyOf } from './history.mjs'

/**
 * Makes a document keep formatting that has become redundant. Yjs deletes it, and what it takes for redundant depends on the
 * order of the updates: now and then (one of 400 histories) even what is seen does.
 */
const keepFormatting = doc => doc.on('afterTransaction', transaction => { transaction._needFormattingCleanup = false })

/**
 * Everything that can be seen of a document, and whether something is still waiting in it. Not which clocks are deleted:
 * Yjs also deletes formatting that has become redundant, and what that is depends on how the updates came.
 */
export const stateOf = (updates, prepare = () => {}) => {
  let doc = new Y.Doc({ gc: false, guid: 'judge' })
  prepare(doc)
  updates.forEach(update => Y.applyUpdate(doc, update))
  // Yjs may leave an update waiting although all it needs has come; it integrates when everything comes at once.
  for (let i = 0; i < 3 && doc.store.pendingStructs !== null; i++) {
    const again = new Y.Doc({ gc: false, guid: 'judge' })
    prepare(again)
    Y.applyUpdate(again, Y.encodeStateAsUpdate(doc))
    doc = again
  }
  return visibleOf(doc)
}

/** What JSON shows of a part of a document; or the error, where Yjs has no text for what no client writes into an XML type. */
const shown = (part, replacer) => {
  try {
    return JSON.parse(JSON.stringify(part(), replacer))
  } catch (error) {
    return String(error)
  }
}

/** Everything that can be seen of one document. */
const visibleOf = doc => {
  const structs = []
  doc.store.clients.forEach((list, client) => {
    structs.push([client, list.at(-1).id.clock + list.at(-1).length])
  })
  structs.sort((a, b) => a[0] - b[0])
  // The order of keys depends on the order of arrival and means nothing.
  const replacer = (_, value) => typeof value === 'bigint'
    ? BigInt.asIntN(64, value) + 'n' // as it is sent
    : value !== null && typeof value === 'object' && !Array.isArray(value) && !ArrayBuffer.isView(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value === undefined ? '(undefined)' : value
  return JSON.stringify({
    text: shown(() => doc.getText('text').toDelta(), replacer),
    array: shown(() => doc.getArray('array').toJSON(), replacer),
    map: shown(() => doc.getMap('map').toJSON(), replacer),
    xml: shown(() => doc.getXmlFragment('xml').toString(), replacer),
    structs,
    pendingStructs: doc.store.pendingStructs !== null,
    pendingDeletes: doc.store.pendingDs !== null
  }, replacer)
}

/** The same, of a document that keeps its formatting. */
export const formattedStateOf = updates => stateOf(updates, keepFormatting)

/** The state of a document that applied updates and collected garbage, and whether nothing waits in it. */
export const collectedOf = updates => {
  let state = updates
  for (let i = 0; ; i++) {
    const doc = new Y.Doc({ gc: true, guid: 'judge' })
    keepFormatting(doc)
    state.forEach(update => Y.applyUpdate(doc, update))
    state = [Y.encodeStateAsUpdate(doc)]
    // As above: what waits although all has come integrates at once.
    const complete = doc.store.pendingStructs === null
    if (i === 3 || (i > 0 && complete)) return { collected: state[0], complete }
  }
}

/** Whether a document that keeps everything shows the same after it was loaded from its own state. */
export const survivesLoading = updates => {
  const doc = new Y.Doc({ gc: false, guid: 'judge' })
  keepFormatting(doc)
  updates.forEach(update => Y.applyUpdate(doc, update))
  return formattedStateOf([Y.encodeStateAsUpdate(doc)]) === formattedStateOf(updates)
}

let clients = null

/** Remembers the clients of a history. @return all updates that any of them knows */
export const begin = seed => {
  clients = clientsOf(seed)
  clients.peers.forEach(({ doc }) => keepFormatting(doc))
  return clients.updates
}

/**
 * Lets the clients of begin() edit on, together with two new ones that load `compacted`, and then lets everybody have all.
 *
 * @return {{ verdict: string, undone: number, updates: Uint8Array[] }} "yes" if all documents are equal in the end, and equal to
 *   one made from all updates as they were; else what each shows
 */
export const goOn = compacted => {
  const { random, updates: before, peers } = clients
  const fresh = [1, 2].map(i => {
    const doc = new Y.Doc({ guid: 'doc' })
    doc.clientID = 2 ** 31 + i
    keepFormatting(doc)
    Y.applyUpdate(doc, compacted, 'remote')
    const types = [doc.getText('text'), doc.getArray('array'), doc.getMap('map'), doc.getXmlFragment('xml')]
    return { doc, undo: i === 1 ? new Y.UndoManager(types, { captureTimeout: 0 }) : null }
  })
  const all = peers.concat(fresh)
  const { updates, undone } = editsOf(random, all)
  for (const { doc } of all) {
    const vector = Y.encodeStateVector(doc)
    Y.applyUpdate(doc, Y.diffUpdate(compacted, vector), 'remote')
    random.shuffled(updates).forEach(update => Y.applyUpdate(doc, update, 'remote'))
    // A document that edits may hold deletions that no update told, those of the losers in maps.
    fresh.forEach(other => Y.applyUpdate(doc, Y.encodeStateAsUpdate(other.doc, Y.encodeStateVector(doc)), 'remote'))
  }
  const reference = new Y.Doc({ gc: false, guid: 'judge' })
  keepFormatting(reference)
  Y.applyUpdate(reference, Y.mergeUpdates(before.concat(updates)))
  const expected = visibleOf(reference)
  const seen = all.map(({ doc }) => visibleOf(doc))
  const different = seen.findIndex(state => state !== expected)
  return { verdict: different < 0 ? 'yes' : `${different}: ${seen[different]} | ${expected}`, undone, updates }
}

/** One history and what Yjs answers for it. */
export const caseOf = seed => {
  const { updates, docs, withEmoji, random } = historyOf(seed)
  const merged = Y.mergeUpdates(updates)
  const knows = Y.encodeStateVector(random.pick(docs))
  const random2 = new Map()
  Y.decodeStateVector(knows).forEach((clock, client) => { random2.set(client, random.int(clock + 2)) })
  const have = random.chance(0.5) ? knows : Y.encodeStateVector(random2)
  const v2 = Y.convertUpdateFormatV1ToV2(merged)
  const { collected, complete } = collectedOf(updates)
  return {
    seed,
    withEmoji,
    updates,
    merged,
    collected,
    complete,
    stateVector: Y.encodeStateVectorFromUpdate(merged),
    have,
    difference: Y.diffUpdate(merged, have),
    v2,
    v1: Y.convertUpdateFormatV2ToV1(v2),
    documentV2: Y.encodeStateAsUpdateV2(docs[0]),
    documentV1: Y.convertUpdateFormatV2ToV1(Y.encodeStateAsUpdateV2(docs[0]))
  }
}

export const base64 = bytes => Buffer.from(bytes).toString('base64') || '='

/** A case as lines of text: a word, a space, a value; bytes in base64, no bytes as "=". */
export const linesOf = one => [
  `case ${one.seed}`,
  `emoji ${one.withEmoji}`,
  `complete ${one.complete}`,
  ...one.updates.map(update => `update ${base64(update)}`),
  ...['merged', 'collected', 'stateVector', 'have', 'difference', 'v2', 'v1', 'documentV2', 'documentV1']
    .map(name => `${name} ${base64(one[name])}`),
  'end'
]
