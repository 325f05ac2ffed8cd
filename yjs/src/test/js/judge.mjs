// What Yjs makes of updates: the expected results, and states to compare.
import * as Y from 'yjs'
import { historyOf } from './history.mjs'


/**
 * Everything that can be seen of a document, and whether something is still waiting in it. Not which clocks are deleted:
 * Yjs also deletes formatting that has become redundant, and what that is depends on how the updates came.
 */
export const stateOf = updates => {
  let doc = new Y.Doc({ gc: false, guid: 'judge' })
  updates.forEach(update => Y.applyUpdate(doc, update))
  // Yjs may leave an update waiting although all it needs has come; it integrates when everything comes at once.
  for (let i = 0; i < 3 && doc.store.pendingStructs !== null; i++) {
    const again = new Y.Doc({ gc: false, guid: 'judge' })
    Y.applyUpdate(again, Y.encodeStateAsUpdate(doc))
    doc = again
  }
  const structs = []
  doc.store.clients.forEach((list, client) => {
    structs.push([client, list.at(-1).id.clock + list.at(-1).length])
  })
  structs.sort((a, b) => a[0] - b[0])
  // The order of keys depends on the order of arrival and means nothing.
  const replacer = (_, value) => typeof value === 'bigint'
    ? value + 'n'
    : value !== null && typeof value === 'object' && !Array.isArray(value) && !ArrayBuffer.isView(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value === undefined ? '(undefined)' : value
  return JSON.stringify({
    text: doc.getText('text').toDelta(),
    array: doc.getArray('array').toJSON(),
    map: doc.getMap('map').toJSON(),
    xml: doc.getXmlFragment('xml').toString(),
    structs,
    pendingStructs: doc.store.pendingStructs !== null,
    pendingDeletes: doc.store.pendingDs !== null
  }, replacer)
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
  return {
    seed,
    withEmoji,
    updates,
    merged,
    stateVector: Y.encodeStateVectorFromUpdate(merged),
    have,
    difference: Y.diffUpdate(merged, have),
    v2,
    v1: Y.convertUpdateFormatV2ToV1(v2),
    documentV2: Y.encodeStateAsUpdateV2(docs[0]),
    documentV1: Y.convertUpdateFormatV2ToV1(Y.encodeStateAsUpdateV2(docs[0]))
  }
}

const base64 = bytes => Buffer.from(bytes).toString('base64') || '='

/** A case as lines of text: a word, a space, a value; bytes in base64, no bytes as "=". */
export const linesOf = one => [
  `case ${one.seed}`,
  `emoji ${one.withEmoji}`,
  ...one.updates.map(update => `update ${base64(update)}`),
  ...['merged', 'stateVector', 'have', 'difference', 'v2', 'v1', 'documentV2', 'documentV1']
    .map(name => `${name} ${base64(one[name])}`),
  'end'
]
