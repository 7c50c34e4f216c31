import { full } from '../tensor/create.js';
import { backend } from '../tensor/current-backend.js';
import type { FusedProgram, FusedStep, Source } from '../tensor/fused-program.js';
import { formatShape, type Shape, sameShape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { isRecording, withRecording } from './apply.js';
import { leaf, nodeOf } from './node.js';
import type { Op, Operand } from './op.js';

/** Below this, in elements, ops one by one are as quick: a pass takes a microsecond before its first element. */
const LEAST = 32;

/** A function as ops one after another. */
interface Trace {
  readonly program: FusedProgram;
  /** The op of each step. */
  readonly ops: readonly Op[];
  /** Which of the function's inputs are the program's: those it uses, in the order in which it does. */
  readonly used: readonly number[];
}

/** A function of tensors, written in ops. */
type Body = (...inputs: readonly Tensor[]) => Tensor;

/** The ops that `f` runs on scalars of given values, read off the graph that recording them leaves. */
function traceAt(name: string, f: Body, values: readonly number[]): Trace {
  const inputs = values.map((x) => leaf(full([], x)));
  const output = withRecording(true, () => f(...inputs));
  const used: number[] = [];
  const places = new Map<Tensor, Source>();
  const steps: FusedStep[] = [];
  const ops: Op[] = [];
  const sourceOf = (x: Tensor): Source => {
    const place = places.get(x) ?? enter(x);
    places.set(x, place);
    return place;
  };
  const enter = (x: Tensor): Source => {
    const node = nodeOf(x);
    if (node === null && x.size === 1) return { constant: x.data[0] };
    if (node === null) {
      throw new Error(
        `fuse: '${name}' uses a tensor of shape ${formatShape(x.shape)} that is none of its inputs; make it one`,
      );
    }
    if (node.op === null) return { input: used.push(inputs.indexOf(x)) - 1 };
    // Operands first, so that a step comes after those it needs.
    const sources = node.inputs.map(sourceOf);
    ops.push(node.op);
    return { step: steps.push({ op: node.op.name, attributes: node.attributes, sources }) - 1 };
  };
  sourceOf(output);
  if (steps.length === 0) {
    throw new Error(
      `fuse: '${name}' applies no op to its inputs, so there is nothing to fuse; call it without fuse`,
    );
  }
  return { program: { name, arity: used.length, steps }, ops, used };
}

const describeSource = (source: Source): string => Object.entries(source).join();

/** Whether two traces are of one program. */
function agree(a: Trace, b: Trace): boolean {
  const [first, second] = [a, b].map(({ program: { steps }, used }) =>
    [used, ...steps.map(({ op, sources }) => `${op}(${sources.map(describeSource).join('; ')})`)].join('\n'),
  );
  return first === second;
}

/**
 * Traces at two points: a function that looks at its inputs' values other than through ops would be another program
 * elsewhere.
 */
function trace(name: string, f: Body, arity: number): Trace {
  const values = Array.from({ length: arity }, (_, i) => 0.3 + 0.1 * i);
  const found = traceAt(name, f, values);
  const elsewhere = traceAt(
    name,
    f,
    values.map((x) => -7 * x),
  );
  if (agree(found, elsewhere)) return found;
  throw new Error(
    `fuse: '${name}' depends on the values of its inputs other than through ops; write the choice as an op, as in ` +
      'where(greater(x, 0), ...)',
  );
}

/** The shape of the result. @throws what the ops throw when shapes do not fit. */
function shapeOf({ program: { steps }, ops }: Trace, inputs: readonly Operand[]): Shape {
  let shared: Shape | null = null;
  let same = true;
  for (const x of inputs) {
    if (typeof x === 'number' || x.shape === shared) continue;
    same &&= shared === null || sameShape(x.shape, shared);
    shared = x.shape;
  }
  if (same && shared !== null) return shared;
  const shapes: Shape[] = [];
  steps.forEach(({ sources, attributes }, i) => {
    const operands = sources.map((source) => {
      if ('step' in source) return shapes[source.step];
      const x = 'input' in source ? inputs[source.input] : source.constant;
      return typeof x === 'number' ? [] : x.shape;
    });
    shapes.push(ops[i].shape(operands, attributes));
  });
  return shapes[shapes.length - 1];
}

/** Whether nothing but the result is wanted, in float32, of tensors large enough for a pass to pay. */
function fits(inputs: readonly Operand[]): boolean {
  const recording = isRecording();
  let largest = 0;
  for (const x of inputs) {
    if (typeof x === 'number') continue;
    if (!(x instanceof Tensor) || x.dtype !== 'float32' || (recording && x.origin !== null)) return false;
    largest = Math.max(largest, x.size);
  }
  return largest >= LEAST;
}

/** A number as a scalar of the dtype that the tensors have. */
function toTensors(given: readonly Operand[]): Tensor[] {
  const dtype = given.find((x) => x instanceof Tensor)?.dtype;
  return given.map((x) => (typeof x === 'number' ? full([], x, dtype && { dtype }) : x));
}

/**
 * A function of elementwise ops that is computed in one pass over its inputs, where that is possible: in float32, with
 * a backend that can, and while nothing is recorded. Otherwise, as for gradients of gradients, its ops run one by one; the
 * result has the same bits either way, since every op rounds as it does alone. It is traced at its first use: its ops may not depend
 * on values or shapes, and numbers in it are constants.
 *
 * @param name for errors
 * @param f a function of a fixed number of tensors; where it is called, a number stands for a scalar
 * @example
 * const sigmoidGradient = fuse('sigmoid gradient', (g, y) => mul(g, mul(y, sub(1, y))));
 * @throws Error when it is first to run in one pass, if `f` uses an op that is not elementwise, or depends on its inputs' values;
 * TypeError for another number of inputs.
 */
// @__NO_SIDE_EFFECTS__
export function fuse<P extends readonly Tensor[]>(
  name: string,
  f: (...inputs: P) => Tensor,
): (...inputs: { [K in keyof P]: Operand }) => Tensor {
  const body: Body = (...inputs) => f(...(inputs as readonly Tensor[] as P));
  let known: Trace | undefined;

  /** Null where the ops are to run one by one. */
  function inOnePass(inputs: readonly Operand[]): Tensor | null {
    const { fused } = backend();
    if (fused === undefined || !fits(inputs)) return null;
    known ??= trace(name, body, f.length);
    const { program, used } = known;
    const operands = used.map((i) => inputs[i]);
    const out = Tensor.unfilled(shapeOf(known, operands), 'float32');
    return fused(program, out, operands) ? out : null;
  }

  return (...inputs) => {
    if (inputs.length !== f.length) {
      throw new TypeError(`${name}: takes ${f.length} inputs, but got ${inputs.length}`);
    }
    return inOnePass(inputs) ?? body(...toTensors(inputs));
  };
}
