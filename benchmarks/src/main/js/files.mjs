// The files of documents: updates one after the other, each a varUint length and its bytes. Document.java reads them too.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

export const writeUpdates = (folder, name, updates) => {
  const encoder = encoding.createEncoder()
  updates.forEach(update => encoding.writeVarUint8Array(encoder, update))
  writeFileSync(join(folder, `${name}.updates`), encoding.toUint8Array(encoder))
}

/**
 * A document by its name in the table, such as "sheet-4-fresh" or "sheet-4-fresh + 100", which has the first 100 of its pending updates.
 */
export const readDocument = (folder, name) => {
  const [file, pending] = name.split(' + ')
  const read = extension => new Uint8Array(readFileSync(join(folder, `${file}.${extension}`)))
  const decoder = decoding.createDecoder(read('updates'))
  const updates = []
  while (decoding.hasContent(decoder) && (pending === undefined || updates.length <= Number(pending))) {
    updates.push(decoding.readVarUint8Array(decoder))
  }
  return {
    updates,
    /** The document without what is pending. */
    update: updates[0],
    /** The state vector of somebody who has half of each client's clocks. */
    half: () => read('half'),
    /** The document in encoding V2. */
    v2: () => read('v2')
  }
}
