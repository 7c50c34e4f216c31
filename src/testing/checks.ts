import { apply } from '../autograd/apply.js';
import { backward, type Gradients } from '../autograd/backward.js';
import { checkOrders } from '../autograd/gradcheck/gradcheck.js';
import { GradcheckError } from '../autograd/gradcheck/index.js';
import { needsGradient } from '../autograd/node.js';
import type { Op } from '../autograd/op.js';
import { variable } from '../autograd/variable.js';
import { equal } from '../tensor/compare.js';
import { formatShape, sameShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import type { OpSample } from './draw.js';
import { float32Errors } from './float32.js';
import { cotangentLike } from './trace.js';

/** Bounds of the checks. */
export interface CheckSettings {
  readonly tolerance: number;
  readonly float32Roundings: number;
}

/** What a check of one sample has measured. */
export interface Measured {
  /** Derivatives or elements compared. */
  readonly cases: number;
  /** The largest error; 0 if nothing is measured. */
  readonly worst: number;
}

/** Checks one sample. @throws Error when it fails */
export type SampleCheck = (op: Op, sample: OpSample, settings: CheckSettings) => Measured;

const DIRECTIONS = 2;
/** Larger samples are checked along random directions. */
const ELEMENTS = 16;

/** Derivatives of one order against central differences, in float64; inputs declared constant are held. */
function differences(
  op: Op,
  { inputs, attributes, seed }: OpSample,
  tolerance: number,
  order: 1 | 2,
): Measured {
  const held = inputs.map((_, k) => k).filter((k) => !op.differentiable(k));
  const total = inputs.reduce((sum, x) => sum + x.size, 0);
  // A drawn size may be 0.
  if (inputs.every((x, k) => x.size === 0 || held.includes(k))) return { cases: 0, worst: 0 };
  const report = checkOrders(
    (...xs) => apply(op, xs, attributes),
    inputs,
    {
      name: op.name,
      tolerance,
      seed,
      held,
      mode: total <= ELEMENTS ? 'elements' : 'directions',
      directions: DIRECTIONS,
    },
    [order],
  );
  if (!report.passed) throw new GradcheckError(report);
  return { cases: report.cases, worst: report.worst };
}

/** The derivative rules against central differences, in float64. */
export const checkFirst: SampleCheck = (op, sample, { tolerance }) => differences(op, sample, tolerance, 1);

/** The derivative rules as functions of inputs and cotangent, differentiated again, against central differences. */
export const checkSecond: SampleCheck = (op, sample, { tolerance }) => differences(op, sample, tolerance, 2);

/** float32 against float64, forward and derivative rules; the error is in roundings of 2^-24. */
export const checkFloat32: SampleCheck = (op, sample, { float32Roundings }) => {
  let [cases, worst] = [0, 0];
  for (const { roundings, message } of float32Errors(op, sample)) {
    if (!(roundings <= float32Roundings)) {
      const size = `${roundings.toPrecision(3)} roundings of its terms apart (allowed ${float32Roundings})`;
      throw new Error(`'${op.name}', ${message}: ${size}`);
    }
    cases++;
    worst = Math.max(worst, roundings);
  }
  return { cases, worst };
};

function need(condition: boolean, op: Op, problem: () => string): asserts condition {
  if (!condition) throw new Error(`'${op.name}': ${problem()}`);
}

/** The gradients of an output with respect to variables, undefined when none can flow. */
const gradientsOf = (y: Tensor, seed: number): Gradients | undefined =>
  needsGradient(y) ? backward(y, { cotangent: cotangentLike(y.shape, y.dtype, seed) }) : undefined;

/**
 * Laws of every op, in both dtypes: the output has the shape of the shape rule and finite elements, is the
 * same twice, and does not change the inputs; gradients have the shape of their inputs.
 */
export const checkShapes: SampleCheck = (op, { inputs, attributes, seed }) => {
  for (const dtype of ['float64', 'float32'] as const) {
    const xs = inputs.map((x) => variable(x.to(dtype)));
    const before = xs.map((x) => x.detach().clone());
    const y = apply(op, xs, attributes);
    const shapes = xs.map((x) => x.shape);
    const resolved = op.attributes(attributes, shapes);
    const expected = op.shape(shapes, resolved);
    need(
      sameShape(y.shape, expected),
      op,
      () => `shape ${formatShape(y.shape)}, not ${formatShape(expected)}`,
    );
    need(y.dtype === (op.dtype(resolved) ?? dtype), op, () => `${dtype} gave ${y.dtype}`);
    need(y.data.every(Number.isFinite), op, () => `the output is not finite inside the domain: ${y}`);
    need(equal(y, apply(op, xs, attributes)), op, () => 'two runs on the same inputs differ');
    const gradients = gradientsOf(y, seed);
    xs.forEach((x, k) => {
      need(equal(x, before[k]), op, () => `writes into its input ${k}`);
      const gradient = gradients?.find(x);
      const flows = op.differentiable(k);
      need((gradient !== undefined) === flows, op, () =>
        flows ? `no gradient reaches input ${k}` : `a gradient reaches input ${k}, which is constant`,
      );
      if (gradient === undefined) return;
      need(sameShape(gradient.shape, x.shape), op, () => `gradient ${k} is ${formatShape(gradient.shape)}`);
      need(gradient.dtype === dtype, op, () => `gradient ${k} is ${gradient.dtype} for ${dtype}`);
    });
  }
  return { cases: inputs.length, worst: 0 };
};

/** Of an op declared to have no derivative: every gradient is zero, or there is none. */
export const checkNoGradient: SampleCheck = (op, { inputs, attributes, seed }) => {
  const xs = inputs.map((x) => variable(x));
  const gradients = gradientsOf(apply(op, xs, attributes), seed);
  xs.forEach((x, k) => {
    const gradient = gradients?.find(x);
    need(gradient === undefined || gradient.data.every((g) => g === 0), op, () => {
      return `is declared to have no derivative, but input ${k} gets the gradient ${gradient}`;
    });
  });
  return { cases: inputs.length, worst: 0 };
};
