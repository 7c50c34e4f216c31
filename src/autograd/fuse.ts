import { backend } from '../device/current.js';
import { elementwiseKernels } from '../device/elementwise.js';
import { full } from '../tensor/create.js';
import { type Shape, sameShape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { isRecording } from './apply.js';
import type { Operand } from './op.js';
import { broadcast } from './shape-rules.js';
import { trace } from './trace.js';

/** A gradient that nobody reads after the rule that runs; null for none. */
let spare: Tensor | null = null;

/** Lets the functions of {@link fuseOver} write over a gradient; null for none. */
export function lend(gradient: Tensor | null): void {
  spare = gradient;
}

/** Below this, in elements, ops one by one are as fast: a pass takes a microsecond before its first element. */
const MIN_SIZE = 32;

/** Whether nothing but the result is needed, in float32, of tensors large enough for a pass to pay. */
function fits(inputs: readonly Operand[]): boolean {
  const recording = isRecording();
  let largest = 0;
  for (const x of inputs) {
    if (typeof x === 'number') continue;
    if (!(x instanceof Tensor) || x.dtype !== 'float32' || (recording && x.origin !== null)) return false;
    largest = Math.max(largest, x.size);
  }
  return largest >= MIN_SIZE;
}

/** A number as a scalar of the dtype that the tensors have. */
function toTensors(given: readonly Operand[]): Tensor[] {
  const dtype = given.find((x) => x instanceof Tensor)?.dtype;
  return given.map((x) => (typeof x === 'number' ? full([], x, dtype && { dtype }) : x));
}

const scalar: Shape = [];

function shapeOf(name: string, inputs: readonly Operand[]): Shape {
  let first: Shape | undefined;
  let same = true;
  for (const x of inputs) {
    if (typeof x === 'number') continue;
    first ??= x.shape;
    same &&= x.shape === first;
  }
  if (same && first !== undefined) return first;
  return broadcast(
    inputs.map((x) => (typeof x === 'number' ? scalar : x.shape)),
    undefined,
    name,
  );
}

/** How a function runs in one pass. */
function compile(name: string, f: (inputs: readonly Tensor[]) => readonly Tensor[], arity: number) {
  const { program, used } = trace(name, f, arity);
  if (program.steps.length === 0) {
    throw new Error(
      `'${name}' applies no op to its inputs, so there is nothing to fuse; call it without fuse`,
    );
  }
  return { used, kernels: elementwiseKernels(program) };
}

type Fused<P extends readonly Tensor[]> = (...inputs: { [K in keyof P]: Operand }) => Tensor;

// @__NO_SIDE_EFFECTS__
function fused<P extends readonly Tensor[]>(
  name: string,
  f: (...inputs: P) => Tensor,
  over: boolean,
): Fused<P> {
  const body = (inputs: readonly Tensor[]): Tensor => f(...(inputs as readonly Tensor[] as P));
  let compiled: ReturnType<typeof compile> | undefined;

  /** Null where the ops are to run one by one. */
  function inOnePass(inputs: readonly Operand[]): Tensor | null {
    const device = backend();
    if (device.name === 'plain' || !fits(inputs)) return null;
    compiled ??= compile(name, (given) => [body(given)], f.length);
    const operands = compiled.used.map((i) => inputs[i]);
    const shape = shapeOf(name, operands);
    const place = over && inputs[0] === spare && sameShape(spare.shape, shape) ? spare : null;
    const out = place ?? device.allocate(shape, 'float32');
    return device.run(compiled.kernels, out, operands, undefined) ? out : null;
  }

  return (...inputs) => {
    if (inputs.length !== f.length) {
      throw new TypeError(`${name}: takes ${f.length} inputs, but got ${inputs.length}`);
    }
    return inOnePass(inputs) ?? body(toTensors(inputs));
  };
}

/**
 * A function of elementwise ops that is computed in one pass over its inputs, where that is possible: in float32, on a device
 * with fast kernels, and while nothing is recorded. Otherwise, as for gradients of gradients, its ops run one by one; the
 * result has the same bits either way, since every op rounds as it does alone. It is traced at its first use: its ops may not
 * depend on values or shapes, and numbers in it are constants.
 *
 * @param name for errors
 * @param f a function of a fixed number of tensors; where it is called, a number stands for a scalar
 * @example
 * const sigmoidGradient = fuse('sigmoid gradient', (g, y) => mul(g, mul(y, sub(1, y))));
 * @throws Error when it is first to run in one pass, if `f` uses an op that is not elementwise, or depends on its inputs' values;
 * TypeError for another number of inputs.
 */
// @__NO_SIDE_EFFECTS__
export const fuse = <P extends readonly Tensor[]>(
  name: string,
  f: (...inputs: P) => Tensor,
): ((...inputs: { [K in keyof P]: Operand }) => Tensor) => fused(name, f, false);

/**
 * The same for a derivative rule, its gradient first, over which the result may be written: the rule does not read the gradient again, and
 * `f` gives the same for its own result, since a part that a lost thread has left is done again.
 */
// @__NO_SIDE_EFFECTS__
export const fuseOver = <P extends readonly Tensor[]>(name: string, f: (...inputs: P) => Tensor): Fused<P> =>
  fused(name, f, true);
