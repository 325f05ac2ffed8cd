// Replays of recorded editing sessions as Yjs edits.

import * as Y from 'yjs'
import * as replay from '../../traces/replay.mjs'

export { applyPatches, readTrace } from '../../traces/replay.mjs'

export const updatesOfConcurrentTrace = (trace, textName) => replay.updatesOfConcurrentTrace(Y, trace, textName)

/** Whether a document holds all that an update says: the structs, and the deletions. The update's own predecessors are in it then, too. */
export const holds = (doc, update) => {
  const { structs, ds } = Y.decodeUpdate(update)
  const hasStructs = structs.every(struct =>
    Y.getState(doc.store, struct.id.client) >= struct.id.clock + struct.length)
  return hasStructs && [...ds.clients].every(([client, ranges]) => ranges.every(({ clock, len }) =>
    Y.getState(doc.store, client) >= clock + len && isDeleted(doc, client, clock, len)))
}

const isDeleted = (doc, client, clock, len) => {
  const structs = doc.store.clients.get(client)
  for (let i = Y.findIndexSS(structs, clock); i < structs.length && structs[i].id.clock < clock + len; i++) {
    if (!structs[i].deleted) {
      return false
    }
  }
  return true
}
