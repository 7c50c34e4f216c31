/** The visible part of the plane: from -reach to reach on both axes. */
export interface Frame {
  /** Side of the square, in CSS pixels. */
  readonly side: number;
  readonly reach: number;
}

/** From a code to the canvas, y upwards. */
export const toCanvas = ({ side, reach }: Frame, x: number, y: number): readonly [number, number] => [
  ((x + reach) / (2 * reach)) * side,
  ((reach - y) / (2 * reach)) * side,
];
export const fromCanvas = ({ side, reach }: Frame, left: number, top: number): readonly [number, number] => [
  (left / side) * 2 * reach - reach,
  reach - (top / side) * 2 * reach,
];

/** The smallest reach, which shows nearly all of the prior. */
const MIN_REACH = 3.25;

/** A reach that shows nearly all points, in steps, so that it does not jitter. */
export function reachOf(points: Float32Array): number {
  const magnitudes = Float32Array.from(points, Math.abs).sort();
  const max = magnitudes[Math.floor(0.99 * (magnitudes.length - 1))] ?? 0;
  return Number.isFinite(max) ? Math.max(MIN_REACH, Math.min(50, Math.ceil(max * 1.1 * 2) / 2)) : MIN_REACH;
}

/** The mean position of a class; undefined without points. */
export function centres(
  points: Float32Array,
  labels: Uint8Array,
  classes: number,
): ([number, number] | undefined)[] {
  const sums = Array.from({ length: classes }, () => [0, 0, 0]);
  labels.forEach((label, i) => {
    sums[label][0] += points[2 * i];
    sums[label][1] += points[2 * i + 1];
    sums[label][2]++;
  });
  return sums.map(([x, y, n]) => (n === 0 ? undefined : [x / n, y / n]));
}

/** The index of the point nearest to (x, y), at most `max` away; -1 if there is none. */
export function nearest(points: Float32Array, x: number, y: number, max: number): number {
  let [found, min] = [-1, max * max];
  for (let i = 0; 2 * i < points.length; i++) {
    const [dx, dy] = [points[2 * i] - x, points[2 * i + 1] - y];
    const distance2 = dx * dx + dy * dy;
    if (distance2 <= min) [found, min] = [i, distance2];
  }
  return found;
}
