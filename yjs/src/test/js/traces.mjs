// Replays a recorded session and writes what Yjs makes of its updates, each part a varUint of its length and then its bytes:
//   the number of updates (4 bytes, big-endian), the updates, then merged, stateVector, have, difference, v2, collected, text
//
//   node traces.mjs TRACE FILE [UPDATES]     only so many of the updates, if not all; compressed if FILE ends with .gz
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { readTrace, updatesOfConcurrentTrace, updatesOfSequentialTrace } from '../../../../traces/replay.mjs'

const [name, file, limit] = process.argv.slice(2)
const trace = readTrace(new URL(`../../../../traces/${name}.json.gz`, import.meta.url))
const all = trace.kind === 'concurrent'
  ? updatesOfConcurrentTrace(Y, trace, 'text').map(({ update }) => update)
  : updatesOfSequentialTrace(Y, trace, 'text')
const updates = limit === undefined ? all : all.slice(0, Number(limit))

/** Y.mergeUpdates takes time that grows with the square of the number of updates. */
const mergeInTree = list => {
  while (list.length > 1) {
    list = Array.from({ length: Math.ceil(list.length / 64) }, (_, i) => Y.mergeUpdates(list.slice(64 * i, 64 * (i + 1))))
  }
  return list[0]
}

const doc = new Y.Doc({ gc: true })
updates.forEach(update => Y.applyUpdate(doc, update))
const text = doc.getText('text').toString()
if (limit === undefined && text !== trace.endContent) throw new Error('the replay does not end with the text of the session')

// A document that grew edit by edit has not joined all that it could; one that loads its state does.
const loaded = new Y.Doc({ gc: true })
Y.applyUpdate(loaded, Y.encodeStateAsUpdate(doc))

const merged = mergeInTree(updates)
const have = Y.encodeStateVectorFromUpdate(mergeInTree(updates.slice(0, updates.length / 2)))
const encoder = encoding.createEncoder()
encoding.writeUint32BigEndian(encoder, updates.length)
const parts = [
  ...updates, merged, Y.encodeStateVectorFromUpdate(merged), have, Y.diffUpdate(merged, have), Y.convertUpdateFormatV1ToV2(merged),
  Y.encodeStateAsUpdate(loaded), new TextEncoder().encode(text)
]
parts.forEach(part => encoding.writeVarUint8Array(encoder, part))
mkdirSync(dirname(file), { recursive: true })
const bytes = encoding.toUint8Array(encoder)
writeFileSync(file + '.part', file.endsWith('.gz') ? gzipSync(bytes, { level: 9 }) : bytes)
renameSync(file + '.part', file)
