import { apply } from '../../autograd/apply.js';
import { backward } from '../../autograd/backward.js';
import { gradcheck, type Op, registeredOps } from '../../autograd/index.js';
import { needsGradient } from '../../autograd/node.js';
import { Random } from '../../autograd/ops/random.js';
import { variable } from '../../autograd/variable.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type DrawnCall, drawCalls } from './draw.js';

/** What the gradient check of one op came to. */
export interface OpCheck {
  readonly op: string;
  /** Derivatives compared; for an op declared to have none, gradients looked at. */
  readonly cases: number;
  /** The largest relative error, as `gradcheck` measures it. */
  readonly worst: number;
  readonly passed: boolean;
  /** What is wrong; empty when nothing is. */
  readonly message: string;
}

export interface OpCheckOptions {
  /** Random calls for each case of the op's domain. */
  readonly draws: number;
  readonly seed: number;
  readonly tolerance: number;
}

type CallResult = Pick<OpCheck, 'cases' | 'worst' | 'message'>;

/** The derivative rules of one call, and of their gradients, against central differences. */
function compare(op: Op, { inputs, attributes }: DrawnCall, { seed, tolerance }: OpCheckOptions): CallResult {
  const varied = inputs.map((_, k) => k).filter((k) => op.differentiable(k));
  const f = (...xs: Tensor[]): Tensor =>
    apply(
      op,
      inputs.map((x, k) => xs[varied.indexOf(k)] ?? x),
      attributes,
    );
  const names = varied.map((k) => `argument ${k}`);
  const at = varied.map((k) => inputs[k]);
  const report = gradcheck(f, at, { name: op.name, names, seed, tolerance, order: 2, directions: 2 });
  return { cases: report.cases, worst: report.worst, message: report.passed ? '' : report.toString() };
}

/** Of an op declared to have no derivative: every gradient is zero, or there is none. */
function expectNone(op: Op, { inputs, attributes }: DrawnCall): CallResult {
  const xs = inputs.map((x) => variable(x));
  const y = apply(op, xs, attributes);
  const found = needsGradient(y) ? backward(y, { cotangent: y.detach() }) : undefined;
  const wrong = xs.filter((x) => found?.find(x)?.data.some((g) => g !== 0));
  const message = wrong.length === 0 ? '' : `'${op.name}' is declared to have no derivative, but gives one`;
  return { cases: xs.length, worst: 0, message };
}

/** Checks one op: `draws` random calls for each case of its domain, first and second derivatives, in float64. */
export function checkOp(op: Op, options: OpCheckOptions): OpCheck {
  const stream = new Random(options.seed).stream('check').split(op.name);
  const results: CallResult[] = [];
  for (let draw = 0; draw < options.draws; draw++) {
    for (const call of drawCalls(op, stream)) {
      results.push(op.domain.derivative === 'none' ? expectNone(op, call) : compare(op, call, options));
    }
  }
  const message = results.find((result) => result.message !== '')?.message ?? '';
  return {
    op: op.name,
    cases: results.reduce((total, { cases }) => total + cases, 0),
    worst: results.reduce((worst, result) => Math.max(worst, result.worst), 0),
    passed: message === '',
    message,
  };
}

/** Every registered op, in order of name. */
export const opsInOrder = (): Op[] => [...registeredOps()].sort((a, b) => (a.name < b.name ? -1 : 1));
