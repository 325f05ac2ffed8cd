// A WebSocket for stock providers that records what passes over it; the provider above it is untouched.

import WebSocket from 'ws'
import * as decoding from 'lib0/decoding'

const MESSAGE_SYNC = 0
const SYNC_STEP_1 = 0

/** What happened on all sockets of one client, one after the other. */
export class Recording {
  opens = 0
  closes = []
  errors = []
  protocol = ''
  framesIn = 0
  framesOut = 0
  bufferedAmount = () => 0

  /** Updates as they came from the server, in steps 2 and update messages; only where they are asked for. */
  updates = []
  /** What the server said to have, in its steps 1; likewise. */
  stateVectors = []

  constructor (keepUpdates) {
    this.keepUpdates = keepUpdates
  }

  received (frame) {
    this.framesIn++
    if (!this.keepUpdates) {
      return
    }
    const decoder = decoding.createDecoder(frame)
    if (decoding.readVarUint(decoder) !== MESSAGE_SYNC) {
      return
    }
    const kind = decoding.readVarUint(decoder)
    const kept = kind === SYNC_STEP_1 ? this.stateVectors : this.updates
    kept.push(decoding.readVarUint8Array(decoder).slice())
  }
}

/** A class to be given to a provider as WebSocketPolyfill. */
export const recordingSocket = recording => class extends WebSocket {
  constructor (url, protocols) {
    super(url, protocols)
    recording.bufferedAmount = () => this.bufferedAmount
    this.on('open', () => {
      recording.opens++
      recording.protocol = this.protocol
    })
    this.on('close', (code, reason) => recording.closes.push({ code, reason: reason.toString() }))
    this.on('error', error => recording.errors.push(error.message))
    this.on('message', data => recording.received(new Uint8Array(data)))
  }

  send (...args) {
    recording.framesOut++
    super.send(...args)
  }
}
