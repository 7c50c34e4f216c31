import { apply, noGrad } from '../autograd/apply.js';
import { backward } from '../autograd/backward.js';
import { needsGradient } from '../autograd/node.js';
import type { Op } from '../autograd/op.js';
import { variable } from '../autograd/variable.js';
import { formatShape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import type { OpSample } from './draw.js';
import { applySample, cotangentLike, traceRule } from './trace.js';

/** Half the distance between 1 and the next float32, the bound of one rounding. */
export const UNIT_ROUNDOFF = 2 ** -24;

/** The difference of float32 and float64, in roundings of the terms of an element. */
export interface Float32Error {
  readonly roundings: number;
  /** Where, and both values. */
  readonly message: string;
}

/** An argument, and the magnitude of each of its elements. */
type Weighted = readonly [leaf: Tensor, magnitude: ArrayLike<number>];

/** For each element of y, sum_i |dy / dx_i| |x_i| over all its arguments: the magnitude of its terms. */
function absoluteTerms(y: Tensor, args: readonly Weighted[]): Float64Array {
  const totals = Float64Array.from(y.data, Math.abs);
  if (!needsGradient(y)) return totals;
  for (let j = 0; j < y.size; j++) {
    const unit = Tensor.empty(y.shape, y.dtype);
    unit.data[j] = 1;
    const found = backward(y, { cotangent: unit });
    for (const [leaf, magnitude] of args) {
      const slope = found.find(leaf);
      for (let i = 0; slope !== undefined && i < slope.size; i++)
        totals[j] += Math.abs(slope.data[i] * magnitude[i]);
    }
  }
  return totals;
}

/** The worst element of a float32 result against float64. */
function worstElement(what: string, low: Tensor, high: Tensor, scale: Float64Array): Float32Error {
  let worst: Float32Error = { roundings: 0, message: '' };
  for (let j = 0; j < high.size; j++) {
    const difference = Math.abs(low.data[j] - high.data[j]);
    if (difference === 0) continue;
    const roundings = difference / (scale[j] * UNIT_ROUNDOFF);
    if (roundings <= worst.roundings) continue;
    const message = `${what}, element ${j} of ${formatShape(high.shape)}: float32 gave ${low.data[j]}, float64 ${high.data[j]}`;
    worst = { roundings, message };
    if (Number.isNaN(roundings)) return worst;
  }
  return worst;
}

/**
 * Runs an op and its derivative rules in float32 and in float64, on the same inputs (rounded to float32 first),
 * and yields the worst difference of each in units of 2^-24 of the terms of the element:
 * |y_j| + sum_i |dy_j/dx_i| |x_i|, the condition of the result. For a rule, which is a function of g, the saved inputs and
 * the saved output, the derivatives by all of these count, so that 1 - y^2 near y = 1 is not held to more digits than y has.
 */
export function float32Errors(op: Op, sample: OpSample): Float32Error[] {
  const inputs32 = sample.inputs.map((x) => x.to('float32'));
  const inputs64 = inputs32.map((x) => x.to('float64'));
  const low = applySample(op, { ...sample, inputs: inputs32 });
  const high = applySample(op, { ...sample, inputs: inputs64 });

  const leaves = inputs64.map((x) => variable(x));
  const recorded = apply(op, leaves, sample.attributes);
  const scale = absoluteTerms(
    recorded,
    leaves.map((x) => [x, x.data.map(Math.abs)]),
  );
  const errors = [worstElement('output', low.output, high.output, scale)];

  const g32 = cotangentLike(high.output.shape, 'float32', sample.seed);
  const g64 = g32.to('float64');
  for (let k = 0; k < inputs64.length; k++) {
    if (!op.differentiable(k)) continue;
    const trace = traceRule(op, k, g64, high.saved);
    const args: Weighted[] = [[trace.g, g64.data]];
    trace.inputs?.forEach((x) => {
      args.push([x, x.data]);
    });
    if (trace.output !== null) args.push([trace.output, scale]);
    const gradient = noGrad(() => op.vjp(k, g32, low.saved));
    errors.push(
      worstElement(`gradient of input ${k}`, gradient, trace.gradient, absoluteTerms(trace.gradient, args)),
    );
  }
  return errors;
}
