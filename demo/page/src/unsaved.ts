import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

interface Sent {
  update: Uint8Array;
  /** Our own clock after this update; 0 if it only deletes. */
  clock: number;
  at: number;
}

const MESSAGE_SYNC = 0;
const STEP_1 = 0;
const TRIPS = 25;
const GRACE = 3000;

/**
 * Which of our updates the server has not confirmed yet.
 *
 * Weft sends every accepted update back to its sender once Redis has taken it, in the order of the room. So the
 * return of an update says that it and all before it are safe, and the time it took is the time to safety.
 */
export class Unsaved {
  private sent: Sent[] = [];
  private offline = 0;
  private trips: number[] = [];
  /** Whether, on this connection, the server has already asked for what it lacks. What comes later travels by itself. */
  private asked = false;
  onchange: () => void = () => {};

  constructor(
    private readonly doc: Y.Doc,
    private readonly provider: WebsocketProvider,
  ) {
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === provider) return;
      if (provider.wsconnected && this.asked) this.expect(update);
      else this.offline++;
      this.onchange();
    });
    provider.on('connection-close', () => (this.asked = false));
    this.listen();
  }

  get count(): number {
    return this.sent.length + this.offline;
  }

  /** Median milliseconds from sending to confirmation, of the last few. */
  get roundTrip(): number | null {
    const sorted = [...this.trips].sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? null;
  }

  /** Sees every sync message on its way into the stock provider, and the answer that the provider gives. */
  private listen(): void {
    const original = this.provider.messageHandlers[MESSAGE_SYNC]!;
    this.provider.messageHandlers[MESSAGE_SYNC] = (encoder, decoder, provider, emitSynced, type) => {
      const copy = decoding.clone(decoder);
      original(encoder, decoder, provider, emitSynced, type);
      if (decoding.readVarUint(copy) === STEP_1) this.answered(encoding.toUint8Array(encoder));
      else this.returned(decoding.readVarUint8Array(copy));
    };
  }

  /** The provider answered the server's step 1 with all that the server lacks: that replaces whatever we waited for. */
  private answered(frame: Uint8Array): void {
    const decoder = decoding.createDecoder(frame);
    decoding.readVarUint(decoder); // sync
    decoding.readVarUint(decoder); // step 2
    const update = decoding.readVarUint8Array(decoder);
    const waiting = this.count > 0;
    this.asked = true;
    this.sent = [];
    this.offline = 0;
    const clock = this.clockIn(update);
    if (clock > 0) {
      this.expect(update);
    } else if (waiting) {
      // Only deletions at most. The server need not return what it already has, so we wait a moment and no longer.
      const last: Sent = { update, clock, at: performance.now() };
      this.sent.push(last);
      setTimeout(() => this.forgetThrough(this.sent.indexOf(last)), GRACE);
    }
    this.onchange();
  }

  private expect(update: Uint8Array): void {
    this.sent.push({ update, clock: this.clockIn(update), at: performance.now() });
  }

  private returned(update: Uint8Array): void {
    if (this.sent.length === 0) return;
    let last = this.sent.findIndex((sent) => equal(sent.update, update));
    if (last < 0) {
      const clock = this.clockIn(update);
      last = clock > 0 ? this.sent.findLastIndex((sent) => sent.clock > 0 && sent.clock <= clock) : -1;
    }
    if (last >= 0) {
      this.trips.push(performance.now() - this.sent[last]!.at);
      this.trips = this.trips.slice(-TRIPS);
      this.forgetThrough(last);
    }
  }

  private forgetThrough(last: number): void {
    if (last < 0) return;
    this.sent.splice(0, last + 1);
    this.onchange();
  }

  private clockIn(update: Uint8Array): number {
    return Y.parseUpdateMeta(update).to.get(this.doc.clientID) ?? 0;
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
