import { nodeAt, type Origin, type Walk, type WalkNode } from '../../study/index.js';
import { Windows } from '../../study/walk/windows.js';
import { stridesOf } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';

const elementOf = ({ data, shape }: Tensor, index: readonly number[]): number => {
  const strides = stridesOf(shape);
  return data[index.reduce((sum, at, d) => sum + at * strides[d], 0)];
};

/** Where a tap lies along each axis; null outside the image. */
const placesOf = (
  windows: Windows,
  axis: 0 | 1,
  place: number,
  from: 'small' | 'large',
): (number | null)[] => {
  const taps = windows.taps(axis, place, from);
  return Array.from({ length: windows.weight.shape[2 + axis] }, (_, tap) => {
    const found = taps.find((one) => one.tap === tap)?.place;
    return found === undefined ? null : Number(found);
  });
};

const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/**
 * What an output element of a convolution is the sum of, at one of its input channels: the patch that it reads, the filter, and
 * the sums over each channel.
 * @param input the input channel; null for the one that sends most
 */
export function windowOf(
  walk: Walk,
  id: string,
  [example, channel, row, column]: readonly number[],
  input: number | null,
) {
  const windows = Windows.of(walk, nodeAt(walk, id));
  if (windows === null) return null;
  const { isTransposed, small, large, weight, bias, attributes } = windows;
  const [from, source] = isTransposed ? (['large', small] as const) : (['small', large] as const);
  const [rows, columns] = [placesOf(windows, 0, row, from), placesOf(windows, 1, column, from)];
  const [, channels, height, width] = source.shape;
  const tapsOf = (c: number) =>
    rows.flatMap((r, u) =>
      columns.map((k, v) => ({
        value: r === null || k === null ? null : elementOf(source.value, [example, c, r, k]),
        weight: elementOf(weight.value, [...(isTransposed ? [c, channel] : [channel, c]), u, v]),
      })),
    );
  const sums = indices(channels).map((c) =>
    tapsOf(c).reduce((sum, tap) => sum + (tap.value ?? 0) * tap.weight, 0),
  );
  const largest = sums.reduce((best, sum, c) => (Math.abs(sum) > Math.abs(sums[best]) ? c : best), 0);
  const shown = Math.min(input ?? largest, channels - 1);
  const first = (example * channels + shown) * height * width;
  const inside = (all: readonly (number | null)[]): number[] => all.flatMap((place) => place ?? []);
  const [down, across] = [inside(rows), inside(columns)];
  const start = bias === null ? 0 : elementOf(bias.value, [channel]);
  return {
    source: source.id,
    weight: weight.id,
    input: shown,
    channels,
    columns: columns.length,
    /** Row after row; a value is null where a tap lies on no pixel. */
    taps: tapsOf(shown),
    /** Of the products of each input channel. */
    sums: Float32Array.from(sums),
    bias: start,
    total: sums.reduce((a, b) => a + b, start),
    isRectified: attributes.activation === 'relu',
    /** The input channel, and what of it is read: row, column, height, width. */
    image: { rows: height, columns: width, values: source.value.data.slice(first, first + height * width) },
    patch:
      down.length === 0 || across.length === 0
        ? null
        : ([
            down[0],
            across[0],
            down[down.length - 1] - down[0] + 1,
            across[across.length - 1] - across[0] + 1,
          ] as const),
  };
}

/** The convolution that takes a weight. */
const takerOf = (walk: Walk, id: string): WalkNode | undefined =>
  (walk.consumers.get(id) ?? [])
    .map((consumer) => nodeAt(walk, consumer.id))
    .find(({ op, inputs }) => (op === 'conv2d' || op === 'convTranspose2d') && inputs[1] === id);

/** Where the gradient at an element of a weight comes from: at each place the gradient there times the number that the weight met. */
export function weightWindowOf(
  walk: Walk,
  id: string,
  element: readonly number[],
  example: number,
  origin: Origin,
) {
  const taker = takerOf(walk, id);
  const windows = taker === undefined ? null : Windows.of(walk, taker);
  const gradient = windows?.node.gradient[origin] ?? null;
  if (windows === null || gradient === null) return null;
  const { isTransposed, small, large, node, attributes } = windows;
  const [of, seen, u, v] = element;
  const [batch, , rows, columns] = small.shape;
  const [, , height, width] = large.shape;
  const before = (at: readonly number[]): number =>
    attributes.activation === 'relu' && elementOf(node.value, at) <= 0 ? 0 : elementOf(gradient, at);
  /** The gradient and the number that it is multiplied by, at a place of the small image. */
  const pairAt = (n: number, row: number, column: number): readonly [number, number] => {
    const [r, c] = [Number(windows.largeAt(0, row, u)), Number(windows.largeAt(1, column, v))];
    if (r < 0 || r >= height || c < 0 || c >= width) return [0, 0];
    const [smallAt, largeAt] = [
      [n, of, row, column],
      [n, seen, r, c],
    ];
    return isTransposed
      ? [before(largeAt), elementOf(small.value, smallAt)]
      : [before(smallAt), elementOf(large.value, largeAt)];
  };
  const pairsOf = (n: number) =>
    indices(rows).flatMap((row) => indices(columns).map((column) => pairAt(n, row, column)));
  const pairs = pairsOf(example);
  return {
    node: node.id,
    rows,
    columns,
    gradients: Float32Array.from(pairs, ([g]) => g),
    values: Float32Array.from(pairs, ([, x]) => x),
    products: Float32Array.from(pairs, ([g, x]) => g * x),
    /** The sum over the places of each example. */
    sums: Float32Array.from(indices(batch), (n) => pairsOf(n).reduce((sum, [g, x]) => sum + g * x, 0)),
  };
}
