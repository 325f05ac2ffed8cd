// Replays of recorded editing sessions (https://github.com/josephg/editing-traces) as Yjs edits. Whoever calls this passes their own Yjs.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

export const readTrace = path => JSON.parse(gunzipSync(readFileSync(path)).toString('utf8'))

/**
 * Positions of a trace count Unicode code points, those of Yjs count UTF-16 units. They are the same as long as nobody typed a character
 * outside the basic plane, and a session in which somebody did is refused rather than replayed wrongly.
 */
const requireBasicPlane = text => {
  if (/[\u{10000}-\u{10ffff}]/u.test(text)) {
    throw new Error('the trace has characters outside the basic plane')
  }
}

export const applyPatches = (text, patches) => {
  for (const [position, deleted, inserted] of patches) {
    requireBasicPlane(inserted)
    if (deleted > 0) {
      text.delete(position, deleted)
    }
    if (inserted.length > 0) {
      text.insert(position, inserted)
    }
  }
}

/**
 * The updates that a concurrent session consists of, one for each transaction, made by one document for each agent, which knows exactly
 * what the agent knew then: what its own transactions and the parents of the one at hand say. Each agent of a session must have known its
 * own past, and never have forgotten another's; that is checked.
 *
 * Every process that calls this gets the same bytes, so that each can play one agent and recognise what the others do.
 *
 * @return {Array<{agent: number, parents: number[], update: Uint8Array}>}
 */
export const updatesOfConcurrentTrace = (Y, trace, textName) => {
  const documents = Array.from({ length: trace.numAgents }, (_, agent) => {
    const doc = new Y.Doc()
    doc.clientID = 1000 + agent
    return doc
  })
  const ofAgent = documents.map(() => [])
  // For each transaction, how many of each agent's transactions its state holds.
  const known = []
  const current = documents.map(() => documents.map(() => 0))
  return trace.txns.map((txn, index) => {
    const mine = current[txn.agent]
    const wanted = documents.map((_, other) => Math.max(0, ...txn.parents.map(parent => known[parent][other])))
    if (wanted.some((count, other) => count < mine[other]) || wanted[txn.agent] !== ofAgent[txn.agent].length) {
      throw new Error(`transaction ${index} is not made from the state of its agent`)
    }
    const doc = documents[txn.agent]
    wanted.forEach((count, other) => {
      for (; mine[other] < count; mine[other]++) {
        Y.applyUpdate(doc, ofAgent[other][mine[other]])
      }
    })
    let update = null
    doc.once('update', bytes => { update = bytes })
    doc.transact(() => applyPatches(doc.getText(textName), txn.patches))
    if (update === null) {
      throw new Error(`transaction ${index} changes nothing`)
    }
    ofAgent[txn.agent].push(update)
    mine[txn.agent]++
    known.push([...mine])
    return { agent: txn.agent, parents: txn.parents, update }
  })
}

/** The updates that a sequential session consists of, one for each transaction, made by one document whose client id is 1000. */
export const updatesOfSequentialTrace = (Y, trace, textName) => {
  const doc = new Y.Doc()
  doc.clientID = 1000
  const updates = []
  doc.on('update', update => updates.push(update))
  trace.txns.forEach(({ patches }) => doc.transact(() => applyPatches(doc.getText(textName), patches)))
  return updates
}
