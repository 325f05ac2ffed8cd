// Makes the documents that are measured: node make-documents.mjs FOLDER TRACE full|quick|small
// "small" is the same in kind, for the test that every benchmark is right; "quick" leaves out the spreadsheets of 20 MB.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as awarenessProtocol from 'y-protocols/awareness'
import * as Y from 'yjs'
import { writeUpdates } from './files.mjs'
import { randomFrom } from './random.mjs'
import { spreadsheet } from './spreadsheet.mjs'

const [folder, traceFile, extent] = process.argv.slice(2)
const isSmall = extent === 'small'

const say = text => console.error(`  ${text}`)

const half = update => {
  const vector = Y.decodeStateVector(Y.encodeStateVectorFromUpdate(update))
  return Y.encodeStateVector(new Map([...vector].map(([client, clock]) => [client, clock >>> 1])))
}

/** Writes a document, its pending updates, and what it is compared with. */
const write = (name, update, pending = []) => {
  writeUpdates(folder, name, [update, ...pending])
  writeFileSync(join(folder, `${name}.half`), half(update))
  writeFileSync(join(folder, `${name}.v2`), Y.convertUpdateFormatV1ToV2(update))
  say(`${name}: ${update.length.toLocaleString('en')} bytes`)
}

/** Of many updates by few clients, the merge in a tree: Yjs's single call takes quadratic time. */
const mergeAll = updates => {
  let level = updates
  while (level.length > 1) {
    const next = []
    for (let i = 0; i < level.length; i += 64) next.push(Y.mergeUpdates(level.slice(i, i + 64)))
    level = next
  }
  return level[0]
}

/** The recorded session of one author, each transaction an update. Positions count code points, which here are UTF-16 units. */
const paper = () => {
  const trace = JSON.parse(gunzipSync(readFileSync(traceFile)).toString('utf8'))
  const doc = new Y.Doc()
  doc.clientID = 1001
  const text = doc.getText('text')
  const updates = []
  doc.on('update', update => updates.push(update))
  for (const txn of isSmall ? trace.txns.slice(0, 2000) : trace.txns) {
    doc.transact(() => {
      for (const [position, deleted, inserted] of txn.patches) {
        text.delete(position, deleted)
        text.insert(position, inserted)
      }
    })
  }
  if (!isSmall && text.toString() !== trace.endContent) throw new Error('the trace was replayed wrongly')
  writeUpdates(folder, 'paper-updates', updates)
  say(`paper-updates: ${updates.length.toLocaleString('en')} updates`)
  write('paper', Y.encodeStateAsUpdate(doc))
  write('paper-merged', mergeAll(updates))
}

/** Single edits of 45 to 55 bytes, as a server checks them: of a text with formatting, and of a spreadsheet. */
const edits = () => {
  const random = randomFrom(7)
  const { update, pending } = spreadsheet(3, 100_000, true, isSmall ? 1000 : 20_000)
  const doc = new Y.Doc()
  Y.applyUpdate(doc, update)
  const text = doc.getText('notes')
  const edits = []
  doc.on('update', update => edits.push(update))
  for (let i = 0; i < pending.length; i++) {
    if (i % 50 === 0) doc.clientID = random.clientId()
    const at = random.int(text.length + 1)
    const kind = random.real()
    if (kind < 0.8) text.insert(at, random.pick(['a', 'wörter', ' and so on', 'the quick brown fox', '🙂 and 🙃']))
    else if (kind < 0.9 && at < text.length) text.delete(at, 1)
    else if (at < text.length) text.format(at, 1, { bold: random.chance(0.5) || null })
  }
  const fits = update => update.length >= 45 && update.length <= 55
  const chosen = [...edits.filter(fits).slice(0, 512), ...pending.filter(fits).slice(0, 512)]
  for (let i = chosen.length - 1; i > 0; i--) {
    const j = random.int(i + 1)
    ;[chosen[i], chosen[j]] = [chosen[j], chosen[i]]
  }
  writeUpdates(folder, 'edits', chosen)
  say(`edits: ${chosen.length} updates of 45 to 55 bytes`)
}

/** What fifty people's cursors send in some seconds. */
const cursors = () => {
  const random = randomFrom(11)
  const people = Array.from({ length: 50 }, (_, i) => {
    const doc = new Y.Doc()
    doc.clientID = random.clientId()
    const awareness = new awarenessProtocol.Awareness(doc)
    awareness.setLocalState({ user: { name: `Person ${i}`, color: '#30bced', colorLight: '#30bced33' } })
    return awareness
  })
  const payloads = []
  for (let i = 0; i < (isSmall ? 100 : 1000); i++) {
    const one = random.pick(people)
    const index = random.int(100_000)
    one.setLocalStateField('cursor', {
      anchor: { type: null, tname: 'text', item: { client: one.clientID, clock: index }, assoc: 0 },
      head: { type: null, tname: 'text', item: { client: one.clientID, clock: index + random.int(20) }, assoc: 0 }
    })
    payloads.push(awarenessProtocol.encodeAwarenessUpdate(one, [one.clientID]))
  }
  people.forEach(one => one.destroy())
  writeUpdates(folder, 'cursors', payloads)
  say(`cursors: ${payloads.length} payloads of awareness`)
}

const sheets = () => {
  for (const megabytes of extent === 'full' ? [4, 20] : [4]) {
    for (const churned of [false, true]) {
      const bytes = isSmall ? 60_000 : megabytes * 1_000_000
      const { update, pending } = spreadsheet(megabytes, bytes, churned, 100)
      write(`sheet-${megabytes}-${churned ? 'churned' : 'fresh'}`, update, pending)
    }
  }
}

edits()
cursors()
paper()
sheets()
