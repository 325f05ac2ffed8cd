import { PENS, SIDE, SIZES, type SharedStroke, type Strokes } from './strokes';

const THREADS = 6;
const SECONDS = 4.5;
const POINTS = 420;
const ROSETTES = [[5, 2], [7, 2], [9, 2], [7, 3], [8, 3], [11, 3]] as const;

/**
 * Lets six threads weave a rosette: each thread adds to its own stroke in its own transaction at every frame, so the
 * server sees some 360 updates a second from this one page.
 */
export function weave(strokes: Strokes, finished: () => void): void {
  const random = Math.random;
  // Petals and turns without a common factor, and phases within one turn: then no two threads lie upon each other.
  const [petals, turns] = ROSETTES[Math.floor(random() * ROSETTES.length)]!;
  const radius = SIDE * (0.2 + random() * 0.12);
  const margin = radius * 1.15;
  const cx = margin + random() * (SIDE - 2 * margin);
  const cy = margin + random() * (SIDE - 2 * margin);
  const depth = 0.26 + random() * 0.18;
  const firstPen = Math.floor(random() * PENS.length);

  const point = (thread: number, i: number): [number, number] => {
    const angle = (i / POINTS) * Math.PI * 2 * turns;
    const wave = Math.cos((angle * petals) / turns + (thread / THREADS / turns) * Math.PI * 2);
    const r = radius * (1 - depth + depth * wave);
    return [Math.round(cx + r * Math.cos(angle)), Math.round(cy + r * Math.sin(angle))];
  };

  const threads: SharedStroke[] = [];
  for (let t = 0; t < THREADS; t++) {
    threads.push(strokes.begin(PENS[(firstPen + t) % PENS.length]!, SIZES[0], point(t, 0)));
  }
  let at = 0;
  const start = performance.now();
  const step = () => {
    const to = Math.min(POINTS, Math.floor(((performance.now() - start) / (SECONDS * 1000)) * POINTS));
    if (to > at) {
      threads.forEach((stroke, t) => {
        const points: number[] = [];
        for (let i = at + 1; i <= to; i++) points.push(...point(t, i));
        strokes.append(stroke, points);
      });
      at = to;
    }
    if (at < POINTS) {
      requestAnimationFrame(step);
    } else {
      threads.forEach((stroke) => strokes.end(stroke));
      finished();
    }
  };
  requestAnimationFrame(step);
}
