// Answers questions of the Java tests, one a line on standard input; bytes are base64, lists separated by commas:
//   case SEED              a random history with the answers of Yjs (several lines)
//   overlaps SEED          lists of updates that overlap, and each merged (a line for each: updates, a space, their merge), then "end"
//   merge UPDATES          Y.mergeUpdates
//   v2 SEED                updates in encoding V2, their merge, its state vector, another state vector, the difference (five lines)
//   subdocs SEED           updates of documents with subdocuments; the states of the documents and last of one that has all updates;
//                          for each its subdocuments, sorted, with spaces between: guid, options as JSON in base64 (three lines)
//   text UPDATE            the text "text" of a document that applied it, in base64
//   same UPDATES UPDATES   whether two lists of updates lead to the same document: "yes", or both states
//   alike UPDATES UPDATES  the same, of documents that keep formatting that has become redundant
//   pieces BASE UPDATES    applies the latter one after the other to a document that has the former: for each "waits" if structs wait in
//                          the document then, else "ok"
//   collected UPDATES      the state of a document with gc: true that applied them
//   survives UPDATES       whether a document that applied them shows the same after it was loaded from its own state: "yes" or "no"
//   begin SEED             makes clients with a history: all updates that any of them knows
//   continue UPDATE        they edit on, with new clients that load this: "yes" if all are equal then, or what differs; how many
//                          undo and redo did something; the new updates (three lines)
//   alone SEED             the verdict of "continue" for the same history, the new clients having loaded what Yjs collected itself
//   apply UPDATE UPDATES   applies each of the latter to a new document that has the former: for each "ok", or what Yjs throws
//   json TEXTS             whether JSON.parse takes each: "1" or "0" for each
//   awareness PAYLOADS     applies them one after the other: for each the clients whose states were news
//   expiry STEPS           awareness in time, steps of milliseconds, a colon, a payload to apply or nothing to look who is out of time:
//                          for each the clients whose states were news, then a slash, and of all clients the clock, and "-" if it left
//   document SEED          a history, and what documents that applied it told and showed (document.mjs)
//   twin COMMAND           documents that do what twins in Java do (document.mjs)
import { stopAt } from './clock.mjs'
import readline from 'node:readline'
import * as Y from 'yjs'
import * as awarenessProtocol from 'y-protocols/awareness'
import { documentAnswers } from './document.mjs'
import { base64, begin, caseOf, collectedOf, formattedStateOf, goOn, linesOf, stateOf, survivesLoading } from './judge.mjs'
import { historyV2Of, overlapsOf, subdocumentsOf } from './history.mjs'

// Yjs reports what it survives on the console; answers go to standard output alone.
console.log = console.warn = console.error = () => {}

const bytes = text => new Uint8Array(Buffer.from(text === '=' ? '' : text, 'base64'))
const list = text => text === '' ? [] : text.split(',').map(bytes)

const compared = (a, b) => [a === b ? 'yes' : `${a} | ${b}`]

/** An awareness that nobody is in yet, and what it does every three seconds. */
const emptyAwareness = () => {
  const { setInterval } = globalThis
  let check = null
  globalThis.setInterval = callback => { check = callback }
  const awareness = new awarenessProtocol.Awareness(new Y.Doc({ guid: 'judge' }))
  globalThis.setInterval = setInterval
  awareness.setLocalState(null)
  awareness.meta.clear()
  return { awareness, check }
}

const answers = {
  ...documentAnswers,
  case: seed => linesOf(caseOf(Number(seed))),
  overlaps: seed => overlapsOf(Number(seed))
    .map(updates => `${updates.map(base64).join(',')} ${base64(Y.mergeUpdates(updates))}`)
    .concat('end'),
  merge: updates => [base64(Y.mergeUpdates(list(updates)))],
  v2: seed => {
    const { updates, have } = historyV2Of(Number(seed))
    const merged = Y.mergeUpdatesV2(updates)
    const stateVector = Y.encodeStateVectorFromUpdateV2(merged)
    return [updates.map(base64).join(','), ...[merged, stateVector, have, Y.diffUpdateV2(merged, have)].map(base64)]
  },
  subdocs: seed => {
    const { updates, docs } = subdocumentsOf(Number(seed))
    const all = new Y.Doc({ gc: true, guid: 'doc' })
    updates.forEach(update => Y.applyUpdate(all, update))
    docs.push(all)
    const told = doc => [...doc.getSubdocs()]
      .map(one => one.guid + ' ' + base64(Buffer.from(JSON.stringify(one._item.content.opts)))).sort().join(' ')
    return [updates, docs.map(doc => Y.encodeStateAsUpdate(doc))].map(list => list.map(base64).join(','))
      .concat(docs.map(told).join(','))
  },
  text: update => {
    const doc = new Y.Doc()
    Y.applyUpdate(doc, bytes(update))
    return [base64(Buffer.from(doc.getText('text').toString()))]
  },
  same: (left, right) => compared(stateOf(list(left)), stateOf(list(right))),
  alike: (left, right) => compared(formattedStateOf(list(left)), formattedStateOf(list(right))),
  pieces: (base, updates) => {
    const doc = new Y.Doc({ guid: 'judge' })
    Y.applyUpdate(doc, bytes(base))
    return [list(updates).map(update => {
      Y.applyUpdate(doc, update)
      return doc.store.pendingStructs === null ? 'ok' : 'waits'
    }).join(',')]
  },
  collected: updates => [base64(collectedOf(list(updates)).collected)],
  survives: updates => [survivesLoading(list(updates)) ? 'yes' : 'no'],
  begin: seed => [begin(Number(seed)).map(base64).join(',')],
  continue: compacted => {
    const { verdict, undone, updates } = goOn(bytes(compacted))
    return [verdict, String(undone), updates.map(base64).join(',')]
  },
  alone: seed => [goOn(collectedOf(begin(Number(seed))).collected).verdict],
  apply: (base, updates) => [list(updates).map(update => {
    try {
      const doc = new Y.Doc()
      Y.applyUpdate(doc, bytes(base))
      Y.applyUpdate(doc, update)
      // What a client does next: it answers others from what it has, pending or not.
      Y.applyUpdate(new Y.Doc(), Y.encodeStateAsUpdate(doc))
      return 'ok'
    } catch (error) {
      return String(error.stack).replaceAll(/[\n,]/g, ' ')
    }
  }).join(',')],
  json: texts => [list(texts).map(text => {
    try {
      JSON.parse(Buffer.from(text).toString())
      return '1'
    } catch {
      return '0'
    }
  }).join('')],
  expiry: steps => {
    const { awareness, check } = emptyAwareness()
    const news = []
    awareness.on('update', ({ added, updated, removed }) => news.push(...added, ...updated, ...removed))
    const lines = steps.split(',').map(step => {
      const [time, payload] = step.split(':')
      news.length = 0
      stopAt(Number(time))
      payload === '' ? check() : awarenessProtocol.applyAwarenessUpdate(awareness, bytes(payload), 'test')
      return news.slice().sort((a, b) => a - b).join('+') + '/' + [...awareness.meta].sort(([a], [b]) => a - b)
        .map(([client, { clock }]) => `${client}@${clock}${awareness.states.has(client) ? '' : '-'}`).join('+')
    })
    stopAt(null)
    return [lines.join(',')]
  },
  awareness: payloads => {
    const { awareness } = emptyAwareness()
    const news = []
    awareness.on('update', ({ added, updated, removed }) => news.push(...added, ...updated, ...removed))
    return [list(payloads).map(payload => {
      news.length = 0
      awarenessProtocol.applyAwarenessUpdate(awareness, payload, 'test')
      return news.slice().sort((a, b) => a - b).join('+')
    }).join(',')]
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [question, ...parameters] = line.split(' ')
  let lines
  try {
    lines = answers[question](...parameters)
  } catch (error) {
    lines = [`error ${String(error.stack).replaceAll('\n', ' ')}`]
  }
  process.stdout.write(lines.join('\n') + '\n')
}
