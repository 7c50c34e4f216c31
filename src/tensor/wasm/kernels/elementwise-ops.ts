import { f32x4, v128 } from '../assembler/index.js';
import type { FastKernel } from '../fast-kernel.js';
import { elementwise } from './elementwise.js';
import { exp, log, sigmoid, softplus, tanh } from './transcendental.js';
import type { Expression } from './vector-loop.js';

/** Both terms of bernoulliNll are of one sign: softplus(-|l|) and |l| times what x gives to the other outcome. */
const bernoulliNll: Expression = (scope, l, x) => {
  const size = scope.bind(f32x4.abs(l));
  const against = v128.bitselect(f32x4.sub(scope.float(1), x), x, f32x4.ge(l, scope.float(0)));
  return f32x4.add(softplus(scope, scope.bind(f32x4.neg(size))), f32x4.mul(size, against));
};

const reparameterize: Expression = (scope, mean, logvar, epsilon) =>
  f32x4.add(mean, f32x4.mul(exp(scope, f32x4.mul(logvar, scope.float(0.5))), epsilon));

/** Fast kernels of elementwise ops. */
export const elementwiseKernels: readonly FastKernel[] = [
  elementwise('add', 2, (_, a, b) => f32x4.add(a, b)),
  elementwise('sub', 2, (_, a, b) => f32x4.sub(a, b)),
  elementwise('mul', 2, (_, a, b) => f32x4.mul(a, b)),
  elementwise('div', 2, (_, a, b) => f32x4.div(a, b)),
  elementwise('neg', 1, (_, x) => f32x4.neg(x)),
  elementwise('square', 1, (_, x) => f32x4.mul(x, x)),
  elementwise('sqrt', 1, (_, x) => f32x4.sqrt(x)),
  elementwise('abs', 1, (_, x) => f32x4.abs(x)),
  elementwise('relu', 1, (scope, x) => f32x4.max(x, scope.float(0))),
  elementwise('maximum', 2, (_, a, b) => f32x4.max(a, b)),
  elementwise('minimum', 2, (_, a, b) => f32x4.min(a, b)),
  elementwise('exp', 1, exp),
  elementwise('log', 1, log),
  elementwise('tanh', 1, tanh),
  elementwise('sigmoid', 1, sigmoid),
  elementwise('softplus', 1, softplus),
  elementwise('bernoulliNll', 2, bernoulliNll),
  elementwise('reparameterize', 3, reparameterize),
  elementwise('where', 3, (scope, condition, a, b) =>
    v128.bitselect(a, b, f32x4.ne(condition, scope.float(0))),
  ),
];
