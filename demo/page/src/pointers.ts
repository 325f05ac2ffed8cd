import type { Awareness } from 'y-protocols/awareness';
import { make } from './dom';
import { shownColour, shownName } from './identity';
import { SIDE } from './strokes';

/** Twenty positions a second are plenty: the browser glides between them. */
const EVERY = 50;

/** The others' pointers above the board, and ours for them. Presence only: nothing of it enters the document. */
export class Pointers {
  private readonly shown = new Map<number, HTMLElement>();
  private next: { x: number; y: number } | null = null;
  private timer = 0;

  constructor(
    private readonly layer: HTMLElement,
    private readonly awareness: Awareness,
  ) {
    awareness.on('change', () => this.draw());
  }

  move(position: { x: number; y: number } | null): void {
    this.next = position;
    if (this.timer) return;
    this.send();
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      if (this.awareness.getLocalState()?.pointer !== this.next) this.send();
    }, EVERY);
  }

  private send(): void {
    this.awareness.setLocalStateField('pointer', this.next);
  }

  private draw(): void {
    const gone = new Set(this.shown.keys());
    for (const [client, state] of this.awareness.getStates()) {
      const x = Number(state.pointer?.x);
      const y = Number(state.pointer?.y);
      if (client === this.awareness.clientID || !Number.isFinite(x) || !Number.isFinite(y)) continue;
      gone.delete(client);
      const element = this.shown.get(client) ?? this.add(client);
      element.style.setProperty('--c', shownColour(state.user?.color));
      element.lastElementChild!.textContent = shownName(state.user?.name);
      element.style.left = `${clamp(x)}%`;
      element.style.top = `${clamp(y)}%`;
    }
    for (const client of gone) {
      this.shown.get(client)!.remove();
      this.shown.delete(client);
    }
  }

  private add(client: number): HTMLElement {
    const element = make('div', 'pointer', { 'data-testid': 'pointer' });
    element.innerHTML = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 2l4.500 11.500 1.800-4.900 4.900-1.800z"/></svg><span></span>';
    this.layer.append(element);
    this.shown.set(client, element);
    return element;
  }
}

function clamp(value: number): number {
  return Math.max(0, Math.min(100, (value / SIDE) * 100));
}
