// One user of a document: a Yjs document and an untouched provider of one of three major versions of y-websocket.

import { createHash } from 'node:crypto'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import * as Y from 'yjs'
import { WebsocketProvider as Provider1 } from 'y-websocket-1'
import { WebsocketProvider as Provider2 } from 'y-websocket-2'
import { WebsocketProvider as Provider3 } from 'y-websocket-3'
import { Recording, recordingSocket } from './recording-socket.mjs'
import { applyPatches, holds, readTrace, updatesOfConcurrentTrace } from './traces.mjs'

const PROVIDERS = { 1: Provider1, 2: Provider2, 3: Provider3 }
const TEXT = 'text'
const MAP = 'map'
const LIST = 'list'
/** Edits between two turns of the event loop in a replay: enough to be fast, few enough to hear the others meanwhile. */
const EDITS_A_TURN = 20
const BUFFERED_LIMIT = 256 * 1024

export class StockClient {
  awarenessEvents = []
  statuses = []
  written = 0
  #parsed = 0
  #acknowledged = 0
  #ahead = []

  /** @param {{version: number, url: string, room: string, params?: object, protocols?: string[], record?: boolean, connect?: boolean}} options */
  constructor ({ version, url, room, params = {}, protocols = [], record = false, connect = true }) {
    this.doc = new Y.Doc()
    this.text = this.doc.getText(TEXT)
    this.map = this.doc.getMap(MAP)
    this.list = this.doc.getArray(LIST)
    this.recording = new Recording(record)
    this.provider = new PROVIDERS[version](url, room, this.doc, {
      params,
      protocols,
      connect,
      WebSocketPolyfill: recordingSocket(this.recording),
      // Otherwise the clients of one process would talk to each other past the server.
      disableBc: true
    })
    this.provider.on('status', ({ status }) => this.statuses.push(status))
    this.provider.awareness.on('change', ({ added, updated, removed }, origin) =>
      this.awarenessEvents.push({ added, updated, removed, remote: origin === this.provider }))
  }

  state () {
    const { opens, closes, errors, protocol, framesIn, framesOut, updates } = this.recording
    return {
      clientId: this.doc.clientID,
      synced: this.provider.synced,
      connected: this.provider.wsconnected,
      statuses: this.statuses,
      opens,
      closes,
      errors,
      protocol,
      framesIn,
      framesOut,
      updatesKept: updates.length,
      written: this.written,
      acknowledged: this.acknowledged(),
      awarenessEvents: this.awarenessEvents,
      textLength: this.text.length,
      pending: this.doc.store.pendingStructs !== null || this.doc.store.pendingDs !== null
    }
  }

  /**
   * How far the server is known to have this client's own clock, without a gap: from echoes, and from what the server's steps 1 say. Echoes
   * alone leave gaps. What is written between the socket's opening and the answer to the server's step 1 comes back before what was written
   * offline, and what the server took before it died without an echo never comes back.
   */
  acknowledged () {
    const { updates, stateVectors } = this.recording
    for (const vector of stateVectors.splice(0)) {
      this.#ahead.push({ from: 0, to: Y.decodeStateVector(vector).get(this.doc.clientID) ?? 0 })
    }
    for (; this.#parsed < updates.length; this.#parsed++) {
      const { from, to } = Y.parseUpdateMeta(updates[this.#parsed])
      if (to.has(this.doc.clientID)) {
        this.#ahead.push({ from: from.get(this.doc.clientID), to: to.get(this.doc.clientID) })
      }
    }
    for (let before = -1; before < this.#acknowledged;) {
      before = this.#acknowledged
      this.#ahead = this.#ahead.filter(({ from, to }) => {
        const joins = from <= this.#acknowledged
        this.#acknowledged = joins ? Math.max(this.#acknowledged, to) : this.#acknowledged
        return !joins
      })
    }
    return this.#acknowledged
  }

  ownClocks () {
    return Y.getState(this.doc.store, this.doc.clientID)
  }

  awareness () {
    return Object.fromEntries(this.provider.awareness.getStates())
  }

  /** A hash of all that a user could see, and of what every author has contributed. */
  digest () {
    const vector = [...Y.decodeStateVector(Y.encodeStateVector(this.doc))].sort(([a], [b]) => a - b)
    const seen = [this.text.toString(), Object.entries(this.map.toJSON()).sort(), this.list.toJSON(), vector]
    return createHash('sha256').update(JSON.stringify(seen)).digest('hex')
  }

  /** What those updates say that this client's document does not wholly hold, in words for a failure message. */
  lost (updates) {
    return updates.filter(update => !holds(this.doc, update)).map(update => {
      const { structs, ds } = Y.decodeUpdate(update)
      const added = structs.map(({ id, length }) => `${id.client}:${id.clock}+${length}`)
      const deleted = [...ds.clients].flatMap(([client, ranges]) =>
        ranges.map(({ clock, len }) => `-${client}:${clock}+${len}`))
      const known = [...new Set(structs.map(({ id }) => id.client))].map(client => `${client}<${Y.getState(this.doc.store, client)}`)
      return [...added, ...deleted].slice(0, 6).join(' ') + ` (known: ${known.join(' ')})`
    })
  }

  /** Edits of several kinds, each a transaction of its own, a few at a time, until stopWriting. */
  startWriting (prefix, everyMillis) {
    this.writer = setInterval(() => {
      const number = this.written++
      const at = Math.floor(Math.random() * (this.text.length + 1))
      this.text.insert(at, `${prefix}${number} `)
      switch (number % 4) {
        case 0: this.map.set(`key-${number % 12}`, `${prefix}${number}`); break
        case 1: this.list.push([`${prefix}${number}`]); break
        case 2: this.text.delete(Math.floor(Math.random() * this.text.length), 1); break
        case 3: this.map.set(`${prefix}${number}`, number); break
      }
    }, everyMillis)
  }

  stopWriting () {
    clearInterval(this.writer)
    return this.written
  }

  /** Types a sequential trace, every edit an update of its own, as fast as the socket takes them. */
  async replay (path) {
    const { txns, endContent } = readTrace(path)
    let edits = 0
    for (const { patches } of txns) {
      for (const patch of patches) {
        applyPatches(this.text, [patch])
        if (++edits % EDITS_A_TURN === 0) {
          await this.#breathe()
        }
      }
    }
    return { edits, matches: this.text.toString() === endContent }
  }

  /** Plays one agent of a concurrent trace: each of its transactions as soon as this client has those that it was made after. */
  async replayAgent (path, agent) {
    const trace = readTrace(path)
    const updates = updatesOfConcurrentTrace(trace, TEXT)
    let edits = 0
    let waits = 0
    for (const { agent: author, parents, update } of updates) {
      if (author !== agent) {
        continue
      }
      for (const parent of parents) {
        while (!holds(this.doc, updates[parent].update)) {
          waits++
          await new Promise(resolve => this.doc.once('update', resolve))
        }
      }
      Y.applyUpdate(this.doc, update, 'keyboard')
      if (++edits % EDITS_A_TURN === 0) {
        await this.#breathe()
      }
    }
    return { edits, waits }
  }

  async #breathe () {
    await nextTurn()
    while (this.recording.bufferedAmount() > BUFFERED_LIMIT) {
      await pause(1)
    }
  }

  destroy () {
    this.stopWriting()
    this.provider.destroy()
    this.doc.destroy()
  }
}
