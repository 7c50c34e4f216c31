/** Side of a glyph image, in pixels. */
export const GLYPH_SIDE = 28;
/** Pixels of a glyph image. */
export const GLYPH_PIXELS = GLYPH_SIDE * GLYPH_SIDE;

/** Width of the soft edge of the ink, in pixels. */
const EDGE = 1.25;

/**
 * Inks a piece of a stroke: a straight line whose radius changes evenly from one end to the other, with round
 * ends. A pixel's ink falls off from 1 to 0 as its distance passes the radius; where pieces overlap the darker
 * one counts, so that joints leave no mark.
 *
 * @param ink GLYPH_PIXELS numbers, 0 to 1
 * @param ax position of one end in pixels from the left (the first pixel's centre is at 0.5)
 * @param ay the same from the top
 * @param ar radius there, in pixels
 * @param bx position of the other end
 * @param by the same from the top
 * @param br radius there
 */
export function inkLine(
  ink: Float64Array,
  ax: number,
  ay: number,
  ar: number,
  bx: number,
  by: number,
  br: number,
): void {
  const reach = Math.max(ar, br) + EDGE / 2;
  const left = Math.max(0, Math.floor(Math.min(ax, bx) - reach));
  const right = Math.min(GLYPH_SIDE - 1, Math.floor(Math.max(ax, bx) + reach));
  const top = Math.max(0, Math.floor(Math.min(ay, by) - reach));
  const bottom = Math.min(GLYPH_SIDE - 1, Math.floor(Math.max(ay, by) + reach));
  const dx = bx - ax;
  const dy = by - ay;
  const length2 = dx * dx + dy * dy;
  for (let row = top; row <= bottom; row++) {
    const y = row + 0.5 - ay;
    for (let column = left; column <= right; column++) {
      const x = column + 0.5 - ax;
      const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, (x * dx + y * dy) / length2));
      const offX = x - along * dx;
      const offY = y - along * dy;
      const distance2 = offX * offX + offY * offY;
      if (distance2 >= reach * reach) continue;
      const radius = ar + along * (br - ar);
      const value = Math.min(1, (radius - Math.sqrt(distance2)) / EDGE + 0.5);
      const at = row * GLYPH_SIDE + column;
      if (value > ink[at]) ink[at] = value;
    }
  }
}
