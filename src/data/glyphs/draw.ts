import { followCurve } from './curve.js';
import { checkFactors, type GlyphFactors } from './factors.js';
import { GLYPH_PIXELS, GLYPH_SIDE, inkLine } from './raster.js';
import { SKELETONS } from './skeletons.js';
import { createWobble } from './wobble.js';

/** At scale 1 the longer side of a digit, ink included, has this many pixels, as in MNIST. */
const BOX = 19.2;
/** Length of the straight pieces of a curve, in heights of the digit: about 1.5 pixels. */
const STEP = 0.075;
/** No pen is thinner than this share of its width, whatever the pressure. */
const THINNEST = 0.5;

/** Draws glyph after glyph into a larger array. */
export type GlyphPainter = (factors: GlyphFactors, out: Uint8Array, offset: number) => void;

/** Gives points of the unit box their breadth, slant and turn. */
function shape(polyline: number[], { slant, rotation, aspect }: GlyphFactors): void {
  const norm = Math.sqrt(1 + rotation * rotation);
  for (let i = 0; i < polyline.length; i += 2) {
    const y = polyline[i + 1] - 0.5;
    const x = aspect * polyline[i] - slant * y;
    polyline[i] = (x + rotation * y) / norm;
    polyline[i + 1] = (y - rotation * x) / norm;
  }
}

/** The longer side of the box around all points. */
function extent(polylines: readonly number[][]): number {
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
function centreOfMass(polylines: readonly number[][]): readonly [number, number] {
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
  return total === 0 ? [0, 0] : [sumX / total, sumY / total];
}

/** Radius at a share of the stroke's way: a parabola about the pen's, thicker in the middle with pressure. */
function radiusAt(way: number, { strokeWidth, pressure }: GlyphFactors): number {
  return (strokeWidth / 2) * Math.max(THINNEST, 1 + pressure * (4 * way * (1 - way) - 2 / 3));
}

/** Inks a polyline, magnified by size, its origin at (left, top). */
function inkPolyline(
  ink: Float64Array,
  line: readonly number[],
  size: number,
  left: number,
  top: number,
  factors: GlyphFactors,
): void {
  const pieces = line.length / 2 - 1;
  for (let i = 0; i < pieces; i++) {
    inkLine(
      ink,
      left + size * line[2 * i],
      top + size * line[2 * i + 1],
      radiusAt(i / pieces, factors),
      left + size * line[2 * i + 2],
      top + size * line[2 * i + 3],
      radiusAt((i + 1) / pieces, factors),
    );
  }
}

/** Makes a {@link GlyphPainter}, with its own buffers, for many glyphs in a row. */
export function createPainter(): GlyphPainter {
  const ink = new Float64Array(GLYPH_PIXELS);
  const wobble = createWobble();
  return (factors, out, offset) => {
    checkFactors(factors, (digit) => SKELETONS[digit].length);
    wobble.choose(factors.wobbleKey);
    const { strokeWidth, shiftX, shiftY } = factors;
    let first = 0;
    const polylines = SKELETONS[factors.digit][factors.variant].strokes.map(({ points, corners }) => {
      const displaced = points.slice();
      wobble.displace(displaced, first, factors.wobble);
      first += corners.length;
      const polyline: number[] = [];
      followCurve(displaced, corners, STEP, polyline);
      shape(polyline, factors);
      return polyline;
    });
    const size = Math.max(1, BOX * factors.scale - strokeWidth) / extent(polylines);
    const [x, y] = centreOfMass(polylines);
    const left = GLYPH_SIDE / 2 + shiftX - size * x;
    const top = GLYPH_SIDE / 2 + shiftY - size * y;
    ink.fill(0);
    for (const line of polylines) inkPolyline(ink, line, size, left, top, factors);
    for (let i = 0; i < GLYPH_PIXELS; i++) out[offset + i] = Math.floor(255 * ink[i] + 0.5);
  };
}

/**
 * Draws one glyph. The picture is a function of the factors alone, the same bytes on every machine.
 *
 * @returns 28 x 28 bytes, row after row, white ink (255) on black (0)
 * @throws RangeError when a factor is one from which nothing can be drawn
 */
export function drawGlyph(factors: GlyphFactors): Uint8Array {
  const image = new Uint8Array(GLYPH_PIXELS);
  createPainter()(factors, image, 0);
  return image;
}
