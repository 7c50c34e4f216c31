import { GLYPH_PIXELS, GLYPH_SIDE, inkLine } from './raster.js';

/** At scale 1 the longer side of a digit, ink included, has this many pixels, as in MNIST. */
const BOX = 19.2;
/** No pen is thinner than this share of its width, whatever the pressure. */
const THINNEST = 0.5;

/** How strokes are laid into an image. */
export interface Pen {
  /** Width of the pen, in pixels. */
  readonly strokeWidth: number;
  /** Size of the digit; 1 fills MNIST's box. */
  readonly scale: number;
  /** Distance of the ink's centre from the image's, in pixels. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** How much thicker a stroke is in its middle than at its ends. */
  readonly pressure: number;
}

/** The longer side of the box around all points. */
function extent(polylines: readonly (readonly number[])[]): number {
  let longer = 0;
  for (const axis of [0, 1]) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const line of polylines) {
      for (let i = axis; i < line.length; i += 2) {
        low = Math.min(low, line[i]);
        high = Math.max(high, line[i]);
      }
    }
    longer = Math.max(longer, high - low);
  }
  return longer;
}

/** Where the ink of the polylines lies on average, each piece weighed by its length. */
function centreOfMass(polylines: readonly (readonly number[])[]): readonly [number, number] {
  let [sumX, sumY, total] = [0, 0, 0];
  for (const line of polylines) {
    for (let i = 2; i < line.length; i += 2) {
      const dx = line[i] - line[i - 2];
      const dy = line[i + 1] - line[i - 1];
      const length = Math.sqrt(dx * dx + dy * dy);
      sumX += (length * (line[i] + line[i - 2])) / 2;
      sumY += (length * (line[i + 1] + line[i - 1])) / 2;
      total += length;
    }
  }
  return total === 0 ? [polylines[0][0], polylines[0][1]] : [sumX / total, sumY / total];
}

/** Radius at a share of the stroke's way: a parabola about the pen's, thicker in the middle with pressure. */
function radiusAt(way: number, { strokeWidth, pressure }: Pen): number {
  return (strokeWidth / 2) * Math.max(THINNEST, 1 + pressure * (4 * way * (1 - way) - 2 / 3));
}

/** Inks a polyline, magnified by size, its origin at (left, top). */
function inkPolyline(
  ink: Float64Array,
  line: readonly number[],
  size: number,
  left: number,
  top: number,
  pen: Pen,
): void {
  const pieces = line.length / 2 - 1;
  for (let i = 0; i < pieces; i++) {
    inkLine(
      ink,
      left + size * line[2 * i],
      top + size * line[2 * i + 1],
      radiusAt(i / pieces, pen),
      left + size * line[2 * i + 2],
      top + size * line[2 * i + 3],
      radiusAt((i + 1) / pieces, pen),
    );
  }
}

/**
 * Inks strokes of any size, brought to the size and place of a digit: its longer side fills the box, its centre of mass is
 * the image's centre, as in MNIST.
 * @param ink a buffer of GLYPH_PIXELS numbers
 * @param polylines each as x, y, x, y, ..., y downwards; one line or more, of two points or more
 * @param out 28 x 28 bytes from `offset` on, white ink (255) on black (0)
 */
export function inkStrokes(
  ink: Float64Array,
  polylines: readonly (readonly number[])[],
  pen: Pen,
  out: Uint8Array,
  offset: number,
): void {
  const { strokeWidth, scale, shiftX, shiftY } = pen;
  // A single dot has no extent: it stays a dot.
  const size = Math.max(1, BOX * scale - strokeWidth) / (extent(polylines) || 1);
  const [x, y] = centreOfMass(polylines);
  const left = GLYPH_SIDE / 2 + shiftX - size * x;
  const top = GLYPH_SIDE / 2 + shiftY - size * y;
  ink.fill(0);
  for (const line of polylines) inkPolyline(ink, line, size, left, top, pen);
  for (let i = 0; i < GLYPH_PIXELS; i++) out[offset + i] = Math.floor(255 * ink[i] + 0.5);
}
