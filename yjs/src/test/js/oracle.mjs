// Answers questions of the Java tests, one a line on standard input:
//   case SEED             a random history with the answers of Yjs
//   same A,B,… C,D,…      whether two lists of updates lead to the same document ("yes", or both states)
//   apply A,B,…           "ok", or the error that Yjs throws
//   time N FOLDER         see the method of that name in the test
import readline from 'node:readline'
import * as Y from 'yjs'
import * as decoding from 'lib0/decoding'
import * as awarenessProtocol from 'y-protocols/awareness'
import { caseOf, linesOf, stateOf } from './judge.mjs'

// Yjs reports what it survives on the console; answers go to standard output alone.
console.log = console.warn = console.error = () => {}

const bytes = text => new Uint8Array(Buffer.from(text === '=' ? '' : text, 'base64'))
const list = text => text.split(',').map(bytes)

const answers = {
  case: seed => linesOf(caseOf(Number(seed))),
  same: (left, right) => {
    const a = stateOf(list(left))
    const b = stateOf(list(right))
    return [a === b ? 'yes' : `${a} | ${b}`]
  },
  apply: updates => {
    list(updates).forEach(update => Y.applyUpdate(new Y.Doc(), update))
    return ['ok']
  },
  // Applies awareness payloads one after the other; for each the clients whose states were news.
  awareness: payloads => {
    const awareness = new awarenessProtocol.Awareness(new Y.Doc({ guid: 'judge' }))
    clearInterval(awareness._checkInterval)
    awareness.setLocalState(null)
    awareness.meta.clear()
    const news = []
    awareness.on('update', ({ added, updated, removed }) => news.push(...added, ...updated, ...removed))
    return [list(payloads).map(payload => {
      news.length = 0
      awarenessProtocol.applyAwarenessUpdate(awareness, payload, 'test')
      return news.slice().sort((a, b) => a - b).join('+')
    }).join(',')]
  },
  readAny: value => [JSON.stringify(decoding.readAny(decoding.createDecoder(bytes(value))))]
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
