import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { type Address, escapeRoom } from './address';
import type { Identity } from './identity';
import { Unsaved } from './unsaved';

export type Connection = 'connecting' | 'connected' | 'disconnected';

/** Tokens live an hour; one older than this is replaced before a connection asks for it. */
const TOKEN_AGE = 10 * 60_000;

/** One room on this page: the document, the stock y-websocket provider, and what is known about their connection. */
export class Session {
  readonly doc = new Y.Doc();
  readonly provider: WebsocketProvider;
  readonly unsaved: Unsaved;
  /** Why the server will not have us, in its words. */
  refusal: string | null = null;
  everConnected = false;
  onchange: () => void = () => {};

  private wanted = true;
  private tokenAt = -Infinity;
  private retries = 0;

  constructor(
    server: string,
    private readonly address: Address,
    private readonly identity: Identity,
  ) {
    this.provider = new WebsocketProvider(server, escapeRoom(address.room), this.doc, {
      connect: false,
      // Two tabs of one browser shall meet at the server like anyone else.
      disableBc: true,
    });
    this.unsaved = new Unsaved(this.doc, this.provider);
    this.unsaved.onchange = () => this.onchange();
    this.provider.on('status', () => this.onchange());
    this.provider.on('sync', (synced: boolean) => {
      this.everConnected ||= synced;
      this.onchange();
    });
    this.provider.on('closed', ({ code, reason }) => {
      this.refusal = reason || `the server closed the room (${code})`;
      this.onchange();
    });
    // The provider reads its parameters again at each attempt, so a fresh token is in time for the next one.
    this.provider.on('connection-close', () => void this.refreshToken().catch(() => {}));
  }

  get connection(): Connection {
    if (!this.wanted || this.refusal) return 'disconnected';
    return this.provider.wsconnected && this.provider.synced ? 'connected' : 'connecting';
  }

  get offline(): boolean {
    return !this.wanted;
  }

  /** Bytes of the whole document as Yjs encodes it. */
  documentSize(): number {
    return Y.encodeStateAsUpdate(this.doc).byteLength;
  }

  async goOnline(): Promise<void> {
    this.wanted = true;
    this.refusal = null;
    this.onchange();
    try {
      await this.refreshToken();
      this.retries = 0;
      if (this.wanted) this.provider.connect();
    } catch {
      // The token's issuer does not answer: try again, ever more slowly, up to 5 s.
      const wait = Math.min(5000, 250 * 2 ** this.retries++);
      setTimeout(() => this.wanted && void this.goOnline(), wait);
    }
  }

  goOffline(): void {
    this.wanted = false;
    this.provider.disconnect();
    this.onchange();
  }

  private async refreshToken(): Promise<void> {
    if (performance.now() - this.tokenAt < TOKEN_AGE) return;
    const query = new URLSearchParams({ userid: this.identity.id });
    if (this.address.readOnly) query.set('mode', 'read');
    const answer = await fetch(`auth/token?${query}`);
    if (!answer.ok) throw new Error(`auth/token answered ${answer.status}`);
    this.provider.params = { yauth: await answer.text() };
    this.tokenAt = performance.now();
  }
}

/** The WebSocket server: on the host that served the page, on the port that /config.json names. */
export async function findServer(): Promise<string> {
  let port = 3002;
  try {
    const config: unknown = await (await fetch('config.json')).json();
    const named = (config as { websocketPort?: unknown }).websocketPort;
    if (typeof named === 'number') port = named;
  } catch {
    // Served by something simpler than the demo: the usual port will do.
  }
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.hostname}:${port}`;
}
