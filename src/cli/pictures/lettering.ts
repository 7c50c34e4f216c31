import type { Canvas, Color, Point } from './canvas.js';

/** Strokes of a character in a box 1 high (cap height); y downwards. */
interface Letter {
  readonly width: number;
  readonly strokes: readonly (readonly Point[])[];
}

const DEGREE = Math.PI / 180;

/** Points on an ellipse, from one angle to another; 0 is right, 90 is down. */
function arc(cx: number, cy: number, rx: number, ry: number, from: number, to: number): Point[] {
  const steps = Math.max(2, Math.ceil(Math.abs(to - from) / 15));
  return Array.from({ length: steps + 1 }, (_, i): Point => {
    const angle = (from + ((to - from) * i) / steps) * DEGREE;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  });
}

/** Corners of a polyline: 'x y, x y, ...'. */
const line = (corners: string): Point[] =>
  corners.split(', ').map((corner): Point => {
    const [x, y] = corner.split(' ').map(Number);
    return [x, y];
  });

const SIX = [arc(0.29, 0.68, 0.29, 0.32, 0, 360), arc(0.62, 0.7, 0.62, 0.7, 182, 255)];

/** The characters of axes and legends: digits, signs and the letter z. */
const LETTERS: Readonly<Record<string, Letter>> = {
  '0': { width: 0.58, strokes: [arc(0.29, 0.5, 0.29, 0.5, 0, 360)] },
  '1': { width: 0.4, strokes: [line('0.02 0.2, 0.26 0, 0.26 1')] },
  '2': { width: 0.56, strokes: [[...arc(0.28, 0.28, 0.27, 0.28, 195, 395), ...line('0 1, 0.57 1')]] },
  '3': {
    width: 0.56,
    strokes: [
      [...arc(0.27, 0.25, 0.24, 0.25, 205, 440), [0.2, 0.5], ...arc(0.26, 0.74, 0.29, 0.26, 280, 515)],
    ],
  },
  '4': { width: 0.62, strokes: [line('0.46 1, 0.46 0, 0 0.7, 0.62 0.7')] },
  '5': {
    width: 0.56,
    strokes: [[...line('0.52 0, 0.1 0, 0.06 0.46'), ...arc(0.27, 0.68, 0.29, 0.32, 225, 515)]],
  },
  '6': { width: 0.58, strokes: SIX },
  '7': { width: 0.56, strokes: [line('0 0, 0.56 0, 0.2 1')] },
  '8': {
    width: 0.58,
    strokes: [arc(0.29, 0.25, 0.24, 0.25, 0, 360), arc(0.29, 0.75, 0.29, 0.25, 0, 360)],
  },
  '9': { width: 0.58, strokes: SIX.map((stroke) => stroke.map(([x, y]): Point => [0.58 - x, 1 - y])) },
  '-': { width: 0.46, strokes: [line('0.02 0.55, 0.44 0.55')] },
  '+': { width: 0.46, strokes: [line('0.02 0.55, 0.44 0.55'), line('0.23 0.34, 0.23 0.76')] },
  '.': { width: 0.1, strokes: [line('0.05 0.98, 0.05 0.98')] },
  z: { width: 0.46, strokes: [line('0.02 0.38, 0.44 0.38, 0.01 1, 0.46 1')] },
};

const GAP = 0.24;

export interface TextStyle {
  /** Cap height in pixels. */
  readonly size: number;
  readonly ink: Color;
  /** Where `at` is horizontally. Defaults to left. */
  readonly align?: 'left' | 'center' | 'right';
  /** Stroke width in pixels. Defaults to an eighth of the size. */
  readonly weight?: number;
}

const lettersOf = (text: string): Letter[] =>
  Array.from(text, (character) => {
    const letter = LETTERS[character];
    if (letter === undefined) throw new RangeError(`drawText: there is no letter '${character}'`);
    return letter;
  });

/** Width of a text in pixels. */
export function textWidth(text: string, size: number): number {
  const letters = lettersOf(text);
  return (
    size * (letters.reduce((total, { width }) => total + width, 0) + GAP * Math.max(0, letters.length - 1))
  );
}

/**
 * Draws digits, '-', '.' and 'z' as strokes; `at` is half the cap height above the baseline.
 * @throws RangeError for another character.
 */
export function drawText(canvas: Canvas, text: string, [x, y]: Point, style: TextStyle): void {
  const { size, ink, align = 'left', weight = size / 8 } = style;
  const shift = align === 'left' ? 0 : textWidth(text, size) * (align === 'center' ? 0.5 : 1);
  let left = x - shift;
  for (const { width, strokes } of lettersOf(text)) {
    for (const stroke of strokes) {
      canvas.stroke(
        stroke.map(([u, v]): Point => [left + u * size, y + (v - 0.5) * size]),
        weight,
        ink,
      );
    }
    left += (width + GAP) * size;
  }
}
