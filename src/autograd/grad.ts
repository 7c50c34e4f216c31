import { zeros } from '../tensor/create.js';
import { ShapeError } from '../tensor/errors.js';
import { formatShape, sameShape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { isRecording, withRecording } from './apply.js';
import { backward, topologicalOrder } from './backward.js';
import { needsGradient } from './node.js';
import { add, mul } from './ops/arithmetic.js';
import { sum } from './ops/reduce.js';
import { alias } from './ops/shape.js';
import { variable } from './variable.js';

/** A function of tensors with a tensor of one element as its result. */
export type ScalarFunctionOf<T extends readonly Tensor[]> = (...inputs: T) => Tensor;

function checkTensors(inputs: readonly unknown[], who: string): void {
  inputs.forEach((x, i) => {
    if (!(x instanceof Tensor))
      throw new TypeError(`${who}: argument ${i} is not a tensor; make one with tensor(...)`);
  });
}

/**
 * A fresh recorded tensor with the value of `x`. An alias, when `x` is itself being differentiated through, keeps
 * the inner derivative apart from the outer one (no perturbation confusion) and still connects the two.
 */
const fresh = (x: Tensor): Tensor => (needsGradient(x) && isRecording() ? alias(x) : variable(x));

/** Whether `output` depends on a variable other than `own`: then someone outside is differentiating too. */
function reachesOutside(output: Tensor, own: readonly Tensor[]): boolean {
  return topologicalOrder(output).some(({ tensor, node }) => node.op === null && !own.includes(tensor));
}

/** The same data without the record, which would keep the whole graph alive. */
function plain(x: Tensor): Tensor {
  const data = x.detach();
  data.label = x.label;
  return data;
}

/** The value of f and its gradient with respect to each argument: plain data, unless someone outside differentiates too. */
export function valueAndGrad<T extends readonly Tensor[]>(
  f: ScalarFunctionOf<T>,
): (...inputs: T) => { value: Tensor; gradients: T } {
  return (...inputs) => {
    checkTensors(inputs, 'grad');
    const own = inputs.map(fresh);
    const value = withRecording(true, () => f(...(own as readonly Tensor[] as T)));
    if (!(value instanceof Tensor)) throw new TypeError('grad: the function must return a tensor');
    if (value.size !== 1) {
      throw new ShapeError(
        `grad: the function returned shape ${formatShape(value.shape)}; reduce it to one number (sum or mean)`,
      );
    }
    const createGraph = isRecording() && reachesOutside(value, own);
    const found = needsGradient(value) ? backward(value, { createGraph }) : undefined;
    const gradients = own.map((x) => found?.find(x) ?? zeros(x.shape, { dtype: x.dtype }));
    return { value: createGraph ? value : plain(value), gradients: gradients as readonly Tensor[] as T };
  };
}

/**
 * The gradient of f with respect to each argument, as a function of the same arguments. An argument that f does
 * not use has a zero gradient. It composes: `grad((x) => sum(grad(f)(x)[0]))` differentiates twice.
 * @example const [dx] = grad((x: Tensor) => sum(square(x)))(tensor([1, 2, 3])); // [2, 4, 6]
 * @throws ShapeError when f does not return a tensor of one element.
 */
export function grad<T extends readonly Tensor[]>(f: ScalarFunctionOf<T>): (...inputs: T) => T {
  const both = valueAndGrad(f);
  return (...inputs) => both(...inputs).gradients;
}

/**
 * The Hessian of f at `inputs` times `vectors` (one per input, of its shape), without forming the Hessian:
 * the gradient of <grad f(x), v> (Pearlmutter, "Fast exact multiplication by the Hessian", 1994, in reverse mode).
 */
export function hessianVectorProduct<T extends readonly Tensor[]>(
  f: ScalarFunctionOf<T>,
  inputs: T,
  vectors: T,
): T {
  inputs.forEach((x, i) => {
    if (!(vectors[i] instanceof Tensor) || !sameShape(x.shape, vectors[i].shape)) {
      const got = vectors[i] instanceof Tensor ? formatShape(vectors[i].shape) : 'nothing';
      throw new ShapeError(
        `hessianVectorProduct: vector ${i} must have the shape of its input, ${formatShape(x.shape)}, but got ${got}`,
      );
    }
  });
  const along = (...xs: T): Tensor =>
    grad(f)(...xs)
      .map((g, i) => sum(mul(g, vectors[i])))
      .reduce((total, term) => add(total, term));
  return grad(along)(...inputs);
}
