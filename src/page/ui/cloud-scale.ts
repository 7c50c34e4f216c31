/** Points of one kind. */
export interface CloudSeries {
  readonly name: string;
  readonly title: string;
  readonly color: 'accent' | 'second' | 'good' | 'bad' | 'text';
  /** Tells kinds apart without colour. */
  readonly mark: 'disc' | 'square' | 'diamond' | 'cross' | 'triangle';
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Of the points. */
  readonly mean: { readonly x: number; readonly y: number };
}

/** What the axes reach: the middle, and half the width, the same for both so that shapes are true. */
export interface CloudScale {
  readonly x: number;
  readonly y: number;
  readonly half: number;
}

/** Points of a series that are looked at for a scale: enough to tell its width, quick enough for each redrawing. */
const LOOKED_AT = 500;
/** Points of a series that may lie outside of a scale fitted to it: the farthest would make all others small. */
const OUTSIDE = 0.02;

/** The scale about a centre that shows nearly all of the points of some series. */
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
  // Up to the next of a few steps, so that the axes do not move with every point.
  const wanted = Math.max(half * 1.1, 1e-12);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 1.5, 2, 3, 5, 7, 10].find((factor) => factor * power >= wanted) ?? 10;
  return { ...center, half: step * power };
}

/** How many points are outside of a scale. */
export function outsideOf({ x, y }: CloudSeries, scale: CloudScale): number {
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    if (Math.abs(x[i] - scale.x) > scale.half || Math.abs(y[i] - scale.y) > scale.half) count++;
  }
  return count;
}

/** The mean of some numbers; NaN of none. */
export function meanOf(values: Float32Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total / values.length;
}
