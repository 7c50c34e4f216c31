import { GLYPH_PIXELS } from '../../data/glyphs/raster.js';
import { inkStrokes } from '../../data/glyphs/strokes.js';
import { parseInk } from '../shared/ink.js';

/** A pen of the average width of the drawn digits. */
const PEN = { strokeWidth: 2.7, shiftX: 0, shiftY: 0, pressure: 0 } as const;
/** Drawings smaller than this share of the field are not enlarged to a whole digit. */
const SMALL = 0.25;

/** The longer side of the box around the strokes. */
function longerSide(strokes: readonly (readonly number[])[]): number {
  const all = strokes.flat();
  const side = (axis: number): number => {
    const values = all.filter((_, i) => i % 2 === axis);
    return Math.max(...values) - Math.min(...values);
  };
  return Math.max(side(0), side(1));
}

/**
 * A drawing as an image of 28 x 28 bytes, with the size and position of the digits in the data.
 * @throws RangeError when the text is no drawing.
 */
export function inkPixels(text: string): Uint8Array {
  const strokes = parseInk(text);
  if (strokes === null) throw new RangeError('the drawing in the address cannot be read; draw it again');
  // A dot becomes a line of length 0.
  const lines = strokes.map((stroke) => (stroke.length === 2 ? [...stroke, ...stroke] : stroke));
  const pixels = new Uint8Array(GLYPH_PIXELS);
  const scale = Math.min(1, longerSide(lines) / SMALL);
  inkStrokes(new Float64Array(GLYPH_PIXELS), lines, { ...PEN, scale }, pixels, 0);
  return pixels;
}
