import type { Awareness } from 'y-protocols/awareness';
import type { Doc } from 'yjs';
import { find, make } from './dom';
import { icon } from './icons';
import { Ink } from './ink';
import { Pointers } from './pointers';
import { PENS, type Pen, SIDE, SIZES, type SharedStroke, Strokes, touches } from './strokes';
import { weave } from './weave';

const ERASER = 90;

/** What the hand holds. */
interface Hand {
  pen: Pen | 'eraser';
  size: number;
}

export interface Board {
  strokes: Strokes;
  recolour(): void;
}

export function mountBoard(doc: Doc, awareness: Awareness, readOnly: boolean): Board {
  const strokes = new Strokes(doc);
  const canvas = find<HTMLCanvasElement>('[data-testid=board]');
  const ink = new Ink(canvas, find<HTMLCanvasElement>('canvas.wet'), strokes);
  const pointers = new Pointers(find('.pointers'), awareness);
  const hint = find('[data-testid=board-hint]');
  if (readOnly) hint.textContent = 'Nothing drawn yet.';
  ink.oncount = (count) => (hint.hidden = count > 0);

  const hand: Hand = { pen: 'ink', size: SIZES[1] };
  if (!readOnly) {
    mountTools(strokes, hand, canvas);
    new Drawing(canvas, strokes, ink, hand);
  }
  follow(canvas, pointers);
  return { strokes, recolour: () => ink.recolour() };
}

/** Where an event is, in units of the board. */
function positionOf(canvas: HTMLCanvasElement, event: PointerEvent): [number, number] {
  const box = canvas.getBoundingClientRect();
  const unit = (value: number, from: number, length: number) => Math.max(0, Math.min(SIDE, Math.round(((value - from) / length) * SIDE)));
  return [unit(event.clientX, box.left, box.width), unit(event.clientY, box.top, box.height)];
}

function follow(canvas: HTMLCanvasElement, pointers: Pointers): void {
  canvas.addEventListener('pointermove', (event) => {
    const [x, y] = positionOf(canvas, event);
    pointers.move({ x, y });
  });
  for (const end of ['pointerleave', 'pointercancel'] as const) canvas.addEventListener(end, () => pointers.move(null));
  canvas.addEventListener('pointerup', (event) => event.pointerType === 'touch' && pointers.move(null));
}

/** Turns a pointer's movements into strokes: whatever came since the last frame becomes one update. */
class Drawing {
  private stroke: SharedStroke | null = null;
  private waiting: number[] = [];
  private asked = false;
  private erased = new Set<SharedStroke>();
  private pointer = -1;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly strokes: Strokes,
    private readonly ink: Ink,
    private readonly hand: Hand,
  ) {
    canvas.addEventListener('pointerdown', (event) => this.down(event));
    canvas.addEventListener('pointermove', (event) => this.move(event));
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
      canvas.addEventListener(end, (event) => this.up(event));
    }
  }

  private down(event: PointerEvent): void {
    if (this.pointer >= 0 || event.button !== 0) return;
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.strokes.undo.stopCapturing();
    const position = positionOf(this.canvas, event);
    if (this.hand.pen === 'eraser') this.erase(position);
    else this.stroke = this.strokes.begin(this.hand.pen, this.hand.size, position);
  }

  private move(event: PointerEvent): void {
    if (event.pointerId !== this.pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length > 0 ? events : [event]) {
      const position = positionOf(this.canvas, each);
      if (this.stroke) this.waiting.push(...position);
      else this.erase(position);
    }
    if (!this.asked) {
      this.asked = true;
      requestAnimationFrame(() => {
        this.asked = false;
        this.flush();
      });
    }
  }

  private up(event: PointerEvent): void {
    if (event.pointerId !== this.pointer) return;
    this.flush();
    if (this.stroke) this.strokes.end(this.stroke);
    this.stroke = null;
    this.pointer = -1;
    this.strokes.undo.stopCapturing();
  }

  private flush(): void {
    if (this.stroke && this.waiting.length > 0) this.strokes.append(this.stroke, this.waiting);
    this.waiting = [];
    if (this.erased.size > 0) this.strokes.erase(this.erased);
    this.erased = new Set();
  }

  private erase([x, y]: [number, number]): void {
    for (const [shared, { stroke }] of this.ink.entries()) {
      if (shared.doc && !this.erased.has(shared) && touches(stroke, x, y, ERASER)) this.erased.add(shared);
    }
    if (!this.asked) this.flush();
  }
}

function mountTools(strokes: Strokes, hand: Hand, canvas: HTMLCanvasElement): void {
  const bar = find('[data-testid=board-tools]');
  const button = (className: string, title: string, id: string, content: string, run: () => void) => {
    const element = make('button', className, { type: 'button', title, 'aria-label': title, 'data-testid': id });
    element.innerHTML = content;
    element.addEventListener('click', run);
    bar.append(element);
    return element;
  };
  const choices: (() => void)[] = [];
  const chosen = () => choices.forEach((each) => each());

  for (const pen of PENS) {
    const element = button('tool pen', `Pen: ${pen}`, `pen-${pen}`, '<span></span>', () => {
      hand.pen = pen;
      chosen();
    });
    element.style.setProperty('--c', `var(--pen-${pen})`);
    choices.push(() => element.setAttribute('aria-pressed', String(hand.pen === pen)));
  }
  bar.append(make('span', 'gap'));
  SIZES.forEach((size, i) => {
    const name = ['fine', 'medium', 'broad'][i]!;
    const element = button('tool size', `Line: ${name}`, `size-${name}`, '<span></span>', () => {
      hand.size = size;
      chosen();
    });
    element.style.setProperty('--d', `${4 + i * 4}px`);
    choices.push(() => element.setAttribute('aria-pressed', String(hand.size === size)));
  });
  bar.append(make('span', 'gap break'));
  const eraser = button('tool', 'Eraser', 'eraser', icon('eraser'), () => {
    hand.pen = 'eraser';
    chosen();
  });
  choices.push(() => {
    eraser.setAttribute('aria-pressed', String(hand.pen === 'eraser'));
    canvas.classList.toggle('erasing', hand.pen === 'eraser');
  });
  const undo = button('tool', 'Undo what I drew', 'board-undo', icon('undo'), () => strokes.undo.undo());
  const redo = button('tool', 'Redo', 'board-redo', icon('redo'), () => strokes.undo.redo());
  button('tool', 'Clear the board (undo brings it back)', 'board-clear', icon('trash'), () => strokes.count > 0 && strokes.clear());
  bar.append(make('span', 'spring'));
  const weaver = button('tool lettered weaver', 'Six threads draw at once: some 360 updates a second', 'weave', `${icon('spark')}<span>Weave</span>`, () => {
    weaver.disabled = true;
    strokes.undo.stopCapturing();
    weave(strokes, () => {
      weaver.disabled = false;
      strokes.undo.stopCapturing();
    });
  });
  const possible = () => {
    undo.disabled = !strokes.undo.canUndo();
    redo.disabled = !strokes.undo.canRedo();
  };
  for (const event of ['stack-item-added', 'stack-item-popped', 'stack-cleared'] as const) strokes.undo.on(event, possible);
  strokes.undo.captureTimeout = 60_000; // A stroke is one step; its ends are marked by stopCapturing.
  possible();
  chosen();
}

