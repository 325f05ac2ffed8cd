// A process of stock clients, driven by lines of JSON: each request {"op", "client", ...} is answered by one {"ok"} or {"error"}, in order.
// It ends with its standard input.

import { createInterface } from 'node:readline'
import { StockClient } from './stock-client.mjs'

/** What the providers complain about; stock clients report a refused write in this way only. */
const warnings = []
console.warn = console.error = (...words) => warnings.push(words.join(' '))

const clients = new Map()
const toBytes = text => new Uint8Array(Buffer.from(text, 'base64'))
const toText = bytes => Buffer.from(bytes).toString('base64')

/** Requests that need no client. */
const house = {
  open: ({ client, ...options }) => {
    clients.set(client, new StockClient(options))
  },
  warnings: () => warnings
}

/** Requests to one client. */
const user = {
  state: client => client.state(),
  text: client => client.text.toString(),
  digest: client => client.digest(),
  insert: (client, { at, text }) => client.text.insert(at, text),
  delete: (client, { at, length }) => client.text.delete(at, length),
  connect: client => client.provider.connect(),
  disconnect: client => client.provider.disconnect(),
  moveTo: (client, { url }) => { client.provider.serverUrl = url },
  awareness: client => client.awareness(),
  setAwareness: (client, { state }) => client.provider.awareness.setLocalState(state),
  leaveAwareness: client => client.provider.awareness.setLocalState(null),
  ownClocks: client => client.ownClocks(),
  received: client => client.recording.updates.map(toText),
  lost: (client, { updates }) => client.lost(updates.map(toBytes)),
  startWriting: (client, { prefix, everyMillis }) => client.startWriting(prefix, everyMillis),
  stopWriting: client => client.stopWriting(),
  replay: (client, { path }) => client.replay(path),
  replayAgent: (client, { path, agent }) => client.replayAgent(path, agent),
  close: (client, { client: name }) => {
    client.destroy()
    clients.delete(name)
  }
}

const answer = async request => {
  const { op, client: name } = request
  if (op in house) {
    return house[op](request)
  }
  const client = clients.get(name)
  if (!(op in user) || client === undefined) {
    throw new Error(`no such request: ${op} to ${name}`)
  }
  return user[op](client, request)
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply
  try {
    reply = { ok: (await answer(JSON.parse(line))) ?? null }
  } catch (error) {
    reply = { error: error.stack }
  }
  process.stdout.write(JSON.stringify(reply) + '\n')
}
process.exit(0)
