// As much of a Redis client as measuring needs: pipelining, RESP2, no reconnecting. Node's own library only.
import net from 'node:net'

export class Redis {
  /** Resolves when connected. */
  static connect(port, host = '127.0.0.1') {
    return new Promise((resolve, reject) => {
      const socket = net.connect({ port, host, noDelay: true }, () => resolve(new Redis(socket)))
      socket.once('error', reject)
    })
  }

  constructor(socket) {
    this.socket = socket
    this.waiting = []
    this.rest = Buffer.alloc(0)
    socket.on('data', (bytes) => this.#read(bytes))
    socket.on('error', (error) => this.waiting.splice(0).forEach((one) => one.reject(error)))
  }

  /** Sends a command of texts and buffers; resolves with its reply: text, number, null or an array of these. */
  call(...words) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject })
      this.socket.write(encode(words))
    })
  }

  /** Loads a script and returns its digest. */
  load(text) {
    return this.call('SCRIPT', 'LOAD', text)
  }

  /** Subscribes this connection, of which nothing else may be asked any more. */
  async subscribe(channels) {
    let open = channels.length
    const done = new Promise((resolve) => {
      this.waiting = {
        length: 1,
        shift: () => ({ resolve: () => --open === 0 && resolve(), reject: () => {} }),
        splice: () => [],
      }
    })
    for (let from = 0; from < channels.length; from += 500) {
      this.socket.write(encode(['SSUBSCRIBE', ...channels.slice(from, from + 500)]))
    }
    await done
  }

  close() {
    this.socket.destroy()
  }

  #read(bytes) {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes])
    let at = 0
    while (at < this.rest.length) {
      const reply = decode(this.rest, at)
      if (reply === undefined) break
      at = reply.end
      const one = this.waiting.shift()
      if (reply.value instanceof Error) one.reject(reply.value)
      else one.resolve(reply.value)
    }
    this.rest = this.rest.subarray(at)
  }
}

function encode(words) {
  const parts = [Buffer.from(`*${words.length}\r\n`)]
  for (const word of words) {
    const bytes = Buffer.isBuffer(word) ? word : Buffer.from(String(word))
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'))
  }
  return Buffer.concat(parts)
}

/** The reply that begins at `at`, and where it ends; undefined if it is not all there. */
function decode(bytes, at) {
  const lineEnd = bytes.indexOf('\r\n', at)
  if (lineEnd < 0) return undefined
  const line = bytes.toString('latin1', at + 1, lineEnd)
  const next = lineEnd + 2
  switch (bytes[at]) {
    case 0x2b: // +
      return { value: line, end: next }
    case 0x2d: // -
      return { value: new Error(line), end: next }
    case 0x3a: // :
      return { value: Number(line), end: next }
    case 0x24: { // $
      const length = Number(line)
      if (length < 0) return { value: null, end: next }
      if (next + length + 2 > bytes.length) return undefined
      return { value: bytes.toString('latin1', next, next + length), end: next + length + 2 }
    }
    case 0x2a: { // *
      if (line === '-1') return { value: null, end: next }
      const value = []
      let end = next
      for (let i = 0; i < Number(line); i++) {
        const item = decode(bytes, end)
        if (item === undefined) return undefined
        value.push(item.value)
        end = item.end
      }
      return { value, end }
    }
    default:
      throw new Error(`not a reply: ${bytes.toString('latin1', at, at + 20)}`)
  }
}
