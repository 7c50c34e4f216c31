/** The points of one series. */
export interface CloudSeries {
  readonly name: string;
  readonly title: string;
  readonly color: 'accent' | 'second' | 'good' | 'bad' | 'text';
  /** Tells series apart without colour. */
  readonly mark: 'disc' | 'square' | 'diamond' | 'cross' | 'triangle';
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Of the points. */
  readonly mean: { readonly x: number; readonly y: number };
}

/** The centre of the axes and half their width, one for both so that shapes are true. */
export interface CloudScale {
  readonly x: number;
  readonly y: number;
  readonly half: number;
}

/** Points of a series that a scale is fitted to: enough to tell its width, few enough for every redraw. */
const LOOKED_AT = 500;
/** Share of the points that may lie outside the scale: the farthest would make all others small. */
const OUTSIDE = 0.02;

/** The scale around a centre that shows nearly all points of the given series. */
export function scaleFor(series: readonly CloudSeries[], center: { x: number; y: number }): CloudScale {
  let half = 0;
  for (const { x, y } of series) {
    const every = Math.max(1, Math.ceil(x.length / LOOKED_AT));
    const reach = new Float32Array(Math.ceil(x.length / every));
    for (let k = 0; k < reach.length; k++) {
      const i = k * every;
      reach[k] = Math.max(Math.abs(x[i] - center.x), Math.abs(y[i] - center.y));
    }
    reach.sort();
    if (reach.length > 0) half = Math.max(half, reach[Math.floor((reach.length - 1) * (1 - OUTSIDE))]);
  }
  // Rounded up to one of a few steps, so that the axes do not move with every point.
  const wanted = Math.max(half * 1.1, 1e-12);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 1.5, 2, 3, 5, 7, 10].find((factor) => factor * power >= wanted) ?? 10;
  return { ...center, half: step * power };
}

/** The number of points outside a scale. */
export function outsideOf({ x, y }: CloudSeries, scale: CloudScale): number {
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    if (Math.abs(x[i] - scale.x) > scale.half || Math.abs(y[i] - scale.y) > scale.half) count++;
  }
  return count;
}

/** The mean; NaN without values. */
export function meanOf(values: Float32Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total / values.length;
}
