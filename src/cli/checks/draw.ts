import type { Dimension, InputRange, Op, Sizes } from '../../autograd/index.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import { type Shape, sizeOf } from '../../tensor/shape.js';
import { Tensor } from '../../tensor/tensor.js';

/** One random call of an op from its domain, in float64. */
export interface DrawnCall {
  readonly inputs: readonly Tensor[];
  readonly attributes: unknown;
}

/** Values keep this far from kinks and, where they must differ, from each other: 1000 steps of a difference. */
const MARGIN = 1e-2;
const LARGEST = 3;

const isFunctionOfSizes = (attributes: unknown): attributes is (sizes: Sizes) => unknown =>
  typeof attributes === 'function';

/** A whole number from 1 to `max`. */
const size = (stream: RandomStream, max = LARGEST): number =>
  stream.integers(new Int32Array(1), 1, max + 1)[0];

const chance = (stream: RandomStream): boolean => stream.integers(new Int32Array(1), 0, 2)[0] === 1;

function drawShapes(
  op: Op,
  shapes: 'any' | 'broadcast' | readonly (readonly Dimension[])[],
  stream: RandomStream,
): { shapes: Shape[]; sizes: Sizes } {
  if (shapes === 'any' || shapes === 'broadcast') {
    const full = Array.from({ length: size(stream, 4) - 1 }, () => size(stream));
    const smaller = (): Shape => full.map((n) => (chance(stream) ? 1 : n)).slice(chance(stream) ? 1 : 0);
    const count = op.arity === 'many' ? size(stream) : op.arity;
    const one = (k: number): Shape => (shapes === 'any' || k === 0 ? full : smaller());
    return { shapes: Array.from({ length: count }, (_, k) => one(k)), sizes: {} };
  }
  const sizes: Record<string, number> = {};
  const sizeFor = (d: Dimension): number => {
    if (typeof d === 'number') return d;
    sizes[d] ??= size(stream);
    return sizes[d];
  };
  return { shapes: shapes.map((dimensions) => dimensions.map(sizeFor)), sizes };
}

/** One value of the range that keeps away from its kinks and from the values in `taken`. */
function drawValue(input: InputRange, taken: readonly number[], stream: RandomStream): number {
  const { range, kinks = [], values } = input;
  if (values !== undefined) return values[size(stream, values.length) - 1];
  const avoided = [...kinks, ...taken];
  for (let attempt = 0; attempt < 1000; attempt++) {
    const [value] = stream.uniform(new Float64Array(1), range[0], range[1]);
    if (avoided.every((kink) => Math.abs(value - kink) > MARGIN)) return value;
  }
  throw new RangeError(`[${range.join(', ')}] has no room for a value ${MARGIN} from ${avoided.join(', ')}`);
}

/** A random call for each case of an op's domain, with shapes of small sizes. */
export function drawCalls(op: Op, stream: RandomStream): DrawnCall[] {
  const { inputs, cases, distinct = false } = op.domain;
  return cases.map((domainCase) => {
    const drawn = drawShapes(op, domainCase.shapes, stream);
    const taken: number[] = [];
    const tensors = drawn.shapes.map((shape, k) => {
      const range = inputs[Math.min(k, inputs.length - 1)];
      const data = Float64Array.from({ length: sizeOf(shape) }, () => {
        const value = drawValue(range, taken, stream);
        if (distinct) taken.push(value);
        return value;
      });
      return new Tensor(data, shape);
    });
    const { attributes } = domainCase;
    return {
      inputs: tensors,
      attributes: isFunctionOfSizes(attributes) ? attributes(drawn.sizes) : attributes,
    };
  });
}
