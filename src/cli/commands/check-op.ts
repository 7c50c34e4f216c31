import { GradcheckError } from '../../autograd/gradcheck/index.js';
import { type Op, Random, registeredOps } from '../../autograd/index.js';
import { conv2d, conv2dWeightGradient, convTranspose2d, maxPool2d } from '../../autograd/ops/images.js';
import { checkFirst, checkNoGradient, checkSecond } from '../../testing/checks.js';
import { drawSample, type OpSample, type Source } from '../../testing/draw.js';

/** The result of the gradient check of one op. */
export interface OpCheck {
  readonly op: string;
  /** Derivatives compared; for an op declared to have none, gradients inspected. */
  readonly cases: number;
  /** The largest relative error, as `gradcheck` measures it. */
  readonly worst: number;
  readonly passed: boolean;
  /** What is wrong; empty if nothing is. */
  readonly message: string;
}

export interface OpCheckOptions {
  /** Random calls for each case of the op's domain. */
  readonly draws: number;
  readonly seed: number;
  readonly tolerance: number;
}

/** Checks one op: `draws` random calls for each case of its domain, first and second derivatives, in float64. */
export function checkOp(op: Op, { draws, seed, tolerance }: OpCheckOptions): OpCheck {
  const stream = new Random(seed).stream('check').split(op.name);
  const source: Source = {
    integer: (min, max) => stream.integers(new Int32Array(1), min, max + 1)[0],
  };
  const checks = op.domain.derivative === 'none' ? [checkNoGradient] : [checkFirst, checkSecond];
  const settings = { tolerance, float32Roundings: Number.POSITIVE_INFINITY };
  let [cases, worst, message] = [0, 0, ''];
  const check = (sample: OpSample): void => {
    for (const one of checks) {
      try {
        const measured = one(op, sample, settings);
        cases += measured.cases;
        worst = Math.max(worst, measured.worst);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        if (error instanceof GradcheckError) worst = Math.max(worst, error.report.worst);
        message ||= error.message;
      }
    }
  };
  for (let draw = 0; draw < draws; draw++) {
    for (const domainCase of op.domain.cases) check(drawSample(op, domainCase, source));
  }
  return { op: op.name, cases, worst, passed: message === '', message };
}

/** Ops that the command uses nowhere else: a bundler keeps, and so registers, what is named. */
const others = [conv2d, convTranspose2d, conv2dWeightGradient, maxPool2d].map(({ op }) => op);

/** Every op, in order of name. */
export const opsInOrder = (): Op[] =>
  [...new Set([...registeredOps(), ...others])].sort((a, b) => (a.name < b.name ? -1 : 1));
