import { getStroke } from 'perfect-freehand';
import { type Pen, readStroke, SIDE, type SharedStroke, type Stroke, type Strokes } from './strokes';
import * as Y from 'yjs';

interface Drawn {
  stroke: Stroke;
  path: Path2D;
  changedAt: number;
}

/** A stroke that rested this long is taken for finished; its author may have left with the pen down. */
const DRY_AFTER = 2500;

/**
 * Paints strokes on two canvases: dry ink, painted once, and above it the strokes that still grow, painted again each
 * frame. So the cost of a frame is that of the lines being drawn, not of the whole picture.
 */
export class Ink {
  private readonly dry: CanvasRenderingContext2D;
  private readonly wet: CanvasRenderingContext2D;
  private readonly growing = new Map<SharedStroke, Drawn>();
  private readonly all = new Map<SharedStroke, Drawn>();
  private readonly changed = new Set<SharedStroke>();
  private rebuild = true;
  private asked = false;
  private drying = 0;
  private colours: Record<Pen, string> = {} as Record<Pen, string>;
  oncount: (count: number) => void = () => {};

  constructor(
    private readonly dryCanvas: HTMLCanvasElement,
    private readonly wetCanvas: HTMLCanvasElement,
    private readonly strokes: Strokes,
  ) {
    this.dry = dryCanvas.getContext('2d')!;
    this.wet = wetCanvas.getContext('2d')!;
    strokes.shared.observeDeep((events) => this.observe(events));
    new ResizeObserver(() => this.resize()).observe(dryCanvas);
    this.recolour();
  }

  /** Every stroke as it is drawn now. */
  entries(): IterableIterator<[SharedStroke, { stroke: Stroke }]> {
    return this.all.entries();
  }

  /** The theme changed: the same ink has other colours. */
  recolour(): void {
    const style = getComputedStyle(document.documentElement);
    for (const pen of ['ink', 'red', 'orange', 'green', 'blue', 'violet'] as const) {
      this.colours[pen] = style.getPropertyValue(`--pen-${pen}`).trim();
    }
    this.rebuild = true;
    this.ask();
  }

  private observe(events: Y.YEvent<Y.AbstractType<unknown>>[]): void {
    for (const event of events) {
      if (event.target === (this.strokes.shared as unknown)) {
        // A stroke that arrives late lands on top until the next repaint; nobody minds, and nothing is painted twice.
        if (event.changes.deleted.size === 0) event.changes.added.forEach((item) => this.changed.add(typeOf(item)));
        else this.rebuild = true;
      } else {
        const stroke = event.path.length === 1 ? event.target : event.target.parent;
        this.changed.add(stroke as unknown as SharedStroke);
      }
    }
    this.ask();
  }

  private ask(): void {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.frame();
    });
  }

  private resize(): void {
    const scale = window.devicePixelRatio || 1;
    const side = Math.round(this.dryCanvas.clientWidth * scale);
    if (side === 0 || (side === this.dryCanvas.width && !this.rebuild)) return;
    for (const canvas of [this.dryCanvas, this.wetCanvas]) canvas.width = canvas.height = side;
    this.rebuild = true;
    this.frame();
  }

  private frame(): void {
    if (this.dryCanvas.clientWidth === 0) return;
    if (this.dryCanvas.width !== Math.round(this.dryCanvas.clientWidth * (window.devicePixelRatio || 1))) {
      this.resize();
      return;
    }
    const now = performance.now();
    if (this.rebuild) {
      this.repaintAll(now);
    } else {
      for (const shared of this.changed) {
        const known = this.all.get(shared);
        if (!shared.doc) continue;
        const drawn = this.draw(shared, now);
        this.all.set(shared, drawn);
        if (known && !this.growing.has(shared)) {
          // It grew after it had dried.
          if (!drawn.stroke.done) this.rebuild = true;
        } else {
          this.growing.set(shared, drawn);
        }
      }
      this.changed.clear();
      if (this.rebuild) this.repaintAll(now);
    }
    this.paintWet(now);
    this.oncount(this.strokes.count);
  }

  private repaintAll(now: number): void {
    this.rebuild = false;
    this.changed.clear();
    const before = new Map(this.all);
    this.all.clear();
    this.growing.clear();
    this.clear(this.dry, this.dryCanvas);
    this.strokes.shared.forEach((shared) => {
      if (!(shared instanceof Y.Map)) return;
      const drawn = this.draw(shared, before.get(shared)?.changedAt ?? now);
      this.all.set(shared, drawn);
      if (drawn.stroke.done) this.paint(this.dry, drawn);
      else this.growing.set(shared, drawn);
    });
  }

  private paintWet(now: number): void {
    this.clear(this.wet, this.wetCanvas);
    for (const [shared, drawn] of this.growing) {
      if (drawn.stroke.done || now - drawn.changedAt > DRY_AFTER) {
        this.growing.delete(shared);
        this.paint(this.dry, drawn);
      } else {
        this.paint(this.wet, drawn);
      }
    }
    clearTimeout(this.drying);
    if (this.growing.size > 0) this.drying = window.setTimeout(() => this.ask(), DRY_AFTER);
  }

  private draw(shared: SharedStroke, changedAt: number): Drawn {
    const stroke = readStroke(shared);
    return { stroke, path: outline(stroke), changedAt };
  }

  private clear(context: CanvasRenderingContext2D, canvas: HTMLCanvasElement): void {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(canvas.width / SIDE, 0, 0, canvas.height / SIDE, 0, 0);
  }

  private paint(context: CanvasRenderingContext2D, { stroke, path }: Drawn): void {
    context.fillStyle = this.colours[stroke.pen];
    context.fill(path);
  }
}

/** A hand's line: thinner where it was quick, round at both ends. */
function outline({ points, size, done }: Stroke): Path2D {
  const input: [number, number][] = [];
  for (let i = 0; i + 1 < points.length; i += 2) input.push([points[i]!, points[i + 1]!]);
  const edge = getStroke(input, { size, thinning: 0.45, smoothing: 0.6, streamline: 0.35, last: done }) as [number, number][];
  const path = new Path2D();
  if (edge.length < 3) return path;
  const [startX, startY] = edge[0]!;
  path.moveTo(startX, startY);
  for (let i = 1; i < edge.length; i++) {
    const [x, y] = edge[i]!;
    const [nextX, nextY] = edge[(i + 1) % edge.length]!;
    path.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  path.closePath();
  return path;
}

function typeOf(item: Y.Item): SharedStroke {
  return (item.content as Y.ContentType).type as unknown as SharedStroke;
}
