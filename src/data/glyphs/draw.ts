import { followCurve } from './curve.js';
import { checkFactors, type GlyphFactors } from './factors.js';
import { GLYPH_PIXELS } from './raster.js';
import { SKELETONS } from './skeletons.js';
import { inkStrokes } from './strokes.js';
import { createWobble } from './wobble.js';

/** Length of the straight pieces of a curve, in heights of the digit: about 1.5 pixels. */
const STEP = 0.075;
/** Draws glyph after glyph into a larger array. */
export type GlyphPainter<Factors = GlyphFactors> = (
  factors: Factors,
  out: Uint8Array,
  offset: number,
) => void;

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

/** Makes a {@link GlyphPainter}, with its own buffers, for many glyphs in a row. */
export function createPainter(): GlyphPainter {
  const ink = new Float64Array(GLYPH_PIXELS);
  const wobble = createWobble();
  return (factors, out, offset) => {
    checkFactors(factors, (digit) => SKELETONS[digit].length);
    wobble.choose(factors.wobbleKey);
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
    inkStrokes(ink, polylines, factors, out, offset);
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
