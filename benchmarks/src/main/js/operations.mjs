// The operations in Yjs: for each name a function from a document (files.mjs) to what is measured. What that returns is compared with what
// the Java benchmark of the same name returns; undefined is compared with nothing.

import * as awarenessProtocol from 'y-protocols/awareness'
import * as Y from 'yjs'

/** What Yjs offers to merge many updates in bearable time: its single call takes quadratic time. */
const mergeInTree = updates => {
  let level = updates
  while (level.length > 1) {
    const next = []
    for (let i = 0; i < level.length; i += 64) next.push(Y.mergeUpdates(level.slice(i, i + 64)))
    level = next
  }
  return level[0]
}

/** A new document that has applied updates, one by one. */
const applied = updates => {
  const doc = new Y.Doc()
  updates.forEach(update => Y.applyUpdate(doc, update))
  return doc
}

/** A function that takes the next of a list at each call. */
const each = (list, action) => {
  let next = 0
  return () => {
    action(list[next])
    next = next + 1 === list.length ? 0 : next + 1
  }
}

export const operations = {
  'state vector': ({ update }) => () => Y.encodeStateVectorFromUpdate(update),

  merge: ({ updates }) => () => Y.mergeUpdates(updates),

  'merge all': ({ updates }) => () => mergeInTree(updates),

  'difference from half': document => {
    const half = document.half()
    return () => Y.diffUpdate(document.update, half)
  },

  compact: ({ updates }) => () => {
    const doc = new Y.Doc()
    doc.transact(() => updates.forEach(update => Y.applyUpdate(doc, update)))
    const state = Y.encodeStateAsUpdate(doc)
    doc.destroy()
    return state
  },

  'apply to a YDoc': ({ updates }) => () => {
    const doc = applied(updates)
    const vector = Y.encodeStateVector(doc)
    doc.destroy()
    return vector
  },

  'encode a YDoc': ({ updates }) => {
    const doc = applied(updates)
    return () => Y.encodeStateAsUpdate(doc)
  },

  // The same places as in DocumentBenchmark.java.
  'edit a YDoc': ({ updates }) => () => {
    const doc = applied(updates)
    const text = doc.getText('text')
    let seed = 1
    for (let i = 0; i < 10_000; i++) {
      seed = Math.imul(seed, 48_271) & 0x7fffffff
      const at = seed % (text.length - 10)
      if (i % 3 === 2) text.delete(at, 3)
      else text.insert(at, 'edit')
    }
    doc.destroy()
    return Buffer.from(String(text.length))
  },

  'V1 to V2': ({ update }) => () => Y.convertUpdateFormatV1ToV2(update),

  'V2 to V1': document => {
    const v2 = document.v2()
    return () => Y.convertUpdateFormatV2ToV1(v2)
  },

  // Yjs has no check; reading everything is the nearest.
  check: ({ update }) => () => { Y.decodeUpdate(update) },

  'check an edit': ({ updates }) => each(updates, update => Y.decodeUpdate(update)),

  'apply awareness': ({ updates }) => {
    let awareness = null
    let next = updates.length
    return () => {
      if (next === updates.length) {
        next = 0
        awareness = new awarenessProtocol.Awareness(new Y.Doc()) // To the old one nothing would be news.
        clearInterval(awareness._checkInterval)
      }
      awarenessProtocol.applyAwarenessUpdate(awareness, updates[next++], null)
    }
  }
}

// Yjs has no side index.
operations['merge, indexed'] = operations.merge
operations['merge, index stored'] = operations.merge
operations['difference, indexed'] = operations['difference from half']
operations['apply to a YDoc one by one'] = operations['apply to a YDoc']
