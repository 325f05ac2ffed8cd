import * as Y from 'yjs';

/** Colours by name, because ink on slate is not ink on paper. */
export const PENS = ['ink', 'red', 'orange', 'green', 'blue', 'violet'] as const;
export type Pen = (typeof PENS)[number];

/** The board is a square of SIDE units, whatever the screen. Points are whole numbers: two bytes each on the wire. */
export const SIDE = 4096;
export const SIZES = [28, 56, 110] as const;

/** Changes of ours carry this origin, so that undo takes back our strokes and nobody else's. */
export const BOARD = 'board';

/** A stroke as it is drawn: a view of the shared map, made anew when that changed. */
export interface Stroke {
  pen: Pen;
  size: number;
  /** x0, y0, x1, y1, … */
  points: number[];
  /** The hand was lifted. */
  done: boolean;
}

export type SharedStroke = Y.Map<unknown>;

/** The strokes of a document: a `Y.Array` of `Y.Map {pen, size, points: Y.Array<number>, done}`, oldest first. */
export class Strokes {
  readonly shared: Y.Array<SharedStroke>;
  readonly undo: Y.UndoManager;

  constructor(private readonly doc: Y.Doc) {
    this.shared = doc.getArray<SharedStroke>('strokes');
    this.undo = new Y.UndoManager(this.shared, { trackedOrigins: new Set([BOARD]) });
  }

  get count(): number {
    return this.shared.length;
  }

  begin(pen: Pen, size: number, points: number[]): SharedStroke {
    const stroke: SharedStroke = new Y.Map();
    this.doc.transact(() => {
      stroke.set('pen', pen);
      stroke.set('size', size);
      stroke.set('points', Y.Array.from(points));
      this.shared.push([stroke]);
    }, BOARD);
    return stroke;
  }

  append(stroke: SharedStroke, points: number[]): void {
    const target = stroke.get('points');
    // Someone may have erased it under our hand.
    if (stroke.doc && target instanceof Y.Array) this.doc.transact(() => target.push(points), BOARD);
  }

  end(stroke: SharedStroke): void {
    if (stroke.doc) this.doc.transact(() => stroke.set('done', true), BOARD);
  }

  erase(gone: Set<SharedStroke>): void {
    this.doc.transact(() => {
      for (let i = this.shared.length - 1; i >= 0; i--) {
        if (gone.has(this.shared.get(i))) this.shared.delete(i);
      }
    }, BOARD);
  }

  clear(): void {
    this.undo.stopCapturing();
    this.doc.transact(() => this.shared.delete(0, this.shared.length), BOARD);
    this.undo.stopCapturing();
  }
}

/** Another client may have put anything there; what makes no sense is drawn as a plain pen or not at all. */
export function readStroke(shared: SharedStroke): Stroke {
  const pen = shared.get('pen') as Pen;
  const size = shared.get('size');
  const points = shared.get('points');
  return {
    pen: PENS.includes(pen) ? pen : 'ink',
    size: typeof size === 'number' && size > 0 && size <= 400 ? size : SIZES[0],
    points: points instanceof Y.Array ? points.toArray().filter((value) => typeof value === 'number') : [],
    done: shared.get('done') === true,
  };
}

/** Whether a circle around (x, y) touches the stroke. */
export function touches(stroke: Stroke, x: number, y: number, radius: number): boolean {
  const reach = (radius + stroke.size / 2) ** 2;
  const p = stroke.points;
  for (let i = 0; i + 1 < p.length; i += 2) {
    const fromX = p[Math.max(0, i - 2)]!;
    const fromY = p[Math.max(0, i - 2) + 1]!;
    const dx = p[i]! - fromX;
    const dy = p[i + 1]! - fromY;
    const along = dx || dy ? Math.max(0, Math.min(1, ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy))) : 0;
    if ((x - fromX - along * dx) ** 2 + (y - fromY - along * dy) ** 2 <= reach) return true;
  }
  return false;
}
