/**
 * One stroke of the pen: a smooth curve through its points, broken where a point is a corner.
 * Units: the height of a digit is 1, x = 0 is its middle, y = 0 its top and y = 1 its foot.
 */
export interface Stroke {
  /** x and y of each point in turn, 2n numbers. */
  readonly points: Float64Array;
  /** Which of the n points are corners. */
  readonly corners: readonly boolean[];
}

/**
 * Reads a stroke from its notation: points as 'x,y' in hundredths of the height, separated by blanks; a '!'
 * after a point makes it a corner.
 *
 * @throws SyntaxError when a point is not of that form or there are fewer than two
 */
export function parseStroke(notation: string): Stroke {
  const words = notation.trim().split(/\s+/);
  const matches = words.map((word) => /^(-?\d+),(-?\d+)(!?)$/.exec(word));
  const points = matches.flatMap((match, i) => {
    if (match === null) throw new SyntaxError(`parseStroke: found '${words[i]}', expected 'x,y' or 'x,y!'`);
    return [Number(match[1]) / 100, Number(match[2]) / 100];
  });
  if (words.length < 2)
    throw new SyntaxError(`parseStroke: found one point in '${notation}', expected two or more`);
  return { points: Float64Array.from(points), corners: matches.map((match) => match?.[3] === '!') };
}

/** Points closer than this count as this far apart, so that no knot interval is zero. */
const SMALLEST_GAP = 1e-3;

/**
 * Follows a stroke's curve: a centripetal Catmull-Rom spline (knot intervals are the square roots of the
 * distances; Yuksel, Schaefer, Keyser 2011), which passes through every point and makes no loops of its own.
 * Uses only operations that IEEE 754 rounds exactly, so that every machine gets the same bits.
 *
 * @param points x and y of the n points (2n numbers), perhaps displaced from the stroke's own
 * @param corners which of them are corners
 * @param step about how far apart the points of the result are
 * @param out receives x and y of each point of the polyline; it is emptied first
 */
export function followCurve(
  points: Float64Array,
  corners: readonly boolean[],
  step: number,
  out: number[],
): void {
  const last = corners.length - 1;
  const x = (i: number) => points[2 * i];
  const y = (i: number) => points[2 * i + 1];
  const gap = (i: number, j: number) => {
    const [dx, dy] = [x(j) - x(i), y(j) - y(i)];
    return Math.max(SMALLEST_GAP, Math.sqrt(dx * dx + dy * dy));
  };
  out.length = 0;
  out.push(x(0), y(0));
  for (let i = 0; i < last; i++) {
    const length = gap(i, i + 1);
    const d1 = Math.sqrt(length);
    const chordX = x(i + 1) - x(i);
    const chordY = y(i + 1) - y(i);
    // Tangents at both ends, times d1; at an end or a corner the curve leaves along the chord.
    let [startX, startY, endX, endY] = [chordX, chordY, chordX, chordY];
    if (i > 0 && !corners[i]) {
      const d0 = Math.sqrt(gap(i - 1, i));
      startX = d1 * tangent(x(i - 1), x(i), x(i + 1), d0, d1);
      startY = d1 * tangent(y(i - 1), y(i), y(i + 1), d0, d1);
    }
    if (i + 1 < last && !corners[i + 1]) {
      const d2 = Math.sqrt(gap(i + 1, i + 2));
      endX = d1 * tangent(x(i), x(i + 1), x(i + 2), d1, d2);
      endY = d1 * tangent(y(i), y(i + 1), y(i + 2), d1, d2);
    }
    const pieces = Math.max(1, Math.ceil(length / step));
    for (let k = 1; k <= pieces; k++) {
      const t = k / pieces;
      out.push(hermite(x(i), chordX, startX, endX, t), hermite(y(i), chordY, startY, endY, t));
    }
  }
}

/** Slope at p1 of the parabola through three points at knots -before, 0 and after. */
function tangent(p0: number, p1: number, p2: number, before: number, after: number): number {
  return (p1 - p0) / before - (p2 - p0) / (before + after) + (p2 - p1) / after;
}

/** Cubic from p (t = 0) to p + chord (t = 1) with the given slopes at its ends. */
function hermite(p: number, chord: number, start: number, end: number, t: number): number {
  const quadratic = 3 * chord - 2 * start - end;
  const cubic = start + end - 2 * chord;
  return p + t * (start + t * (quadratic + t * cubic));
}
