/** A stroke of the pen: x, y, x, y, ... from 0 (left, top) to 1. */
export type Stroke = readonly number[];

/** A drawing's coordinates take this many values, two letters each in the address. */
const GRID = 255;
/** Points nearer than this to the one before say nothing new. */
const NEAR = 0.018;
/** The longest text of a drawing that an address may carry. */
const MOST = 4000;

const letters = (value: number): string =>
  Math.round(Math.min(1, Math.max(0, value)) * GRID)
    .toString(16)
    .padStart(2, '0');

/** Strokes as text for the address: two hexadecimal digits for each coordinate, '-' between strokes. */
export const formatInk = (strokes: readonly Stroke[]): string =>
  strokes.map((stroke) => stroke.map(letters).join('')).join('-');

/** Strokes of a text; null where it is none that {@link formatInk} writes. */
export function parseInk(text: string): Stroke[] | null {
  if (text.length > MOST || !/^([0-9a-f]{4})+(-([0-9a-f]{4})+)*$/.test(text)) return null;
  return text
    .split('-')
    .map((stroke) => (stroke.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16) / GRID));
}

/** The stroke with a further point, unless it is where the pen is already. */
export function withPoint(stroke: Stroke, x: number, y: number): Stroke {
  const [dx, dy] = [x - stroke[stroke.length - 2], y - stroke[stroke.length - 1]];
  return dx * dx + dy * dy < NEAR * NEAR ? stroke : [...stroke, x, y];
}
