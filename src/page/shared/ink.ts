/** A stroke of the pen: x, y, x, y, ... from 0 (left, top) to 1. */
export type Stroke = readonly number[];

/** The largest value of a coordinate: two hexadecimal digits in the address. */
const GRID = 255;
/** Points nearer than this to the previous one are dropped. */
const NEAR = 0.018;
/** The longest text of a drawing that an address may carry. */
const MAX_TEXT_LENGTH = 4000;

const letters = (value: number): string =>
  Math.round(Math.min(1, Math.max(0, value)) * GRID)
    .toString(16)
    .padStart(2, '0');

const textOf = (strokes: readonly Stroke[]): string =>
  strokes.map((stroke) => stroke.map(letters).join('')).join('-');

/** Every second point of a stroke, and its ends. */
const coarser = (stroke: Stroke): Stroke =>
  stroke.filter((_, i) => Math.floor(i / 2) % 2 === 0 || i >= stroke.length - 2);

/**
 * Strokes as text for the address: two hexadecimal digits for each coordinate, '-' between strokes. A drawing too long for an
 * address has fewer points, and of more strokes than it can hold as lines the last ones.
 */
export function formatInk(strokes: readonly Stroke[]): string {
  const text = textOf(strokes);
  if (text.length <= MAX_TEXT_LENGTH) return text;
  const fewer = strokes.some(({ length }) => length > 4) ? strokes.map(coarser) : strokes.slice(1);
  return formatInk(fewer);
}

/** The strokes of a text that {@link formatInk} wrote; null for any other text. */
export function parseInk(text: string): Stroke[] | null {
  if (text.length > MAX_TEXT_LENGTH || !/^([0-9a-f]{4})+(-([0-9a-f]{4})+)*$/.test(text)) return null;
  return text
    .split('-')
    .map((stroke) => (stroke.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16) / GRID));
}

/** The stroke with one more point, unless the pen has hardly moved. */
export function withPoint(stroke: Stroke, x: number, y: number): Stroke {
  const [dx, dy] = [x - stroke[stroke.length - 2], y - stroke[stroke.length - 1]];
  return dx * dx + dy * dy < NEAR * NEAR ? stroke : [...stroke, x, y];
}
