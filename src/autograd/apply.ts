import { backend } from '../tensor/current-backend.js';
import { convert, type DType } from '../tensor/dtype.js';
import { DTypeError } from '../tensor/errors.js';
import { Tensor } from '../tensor/tensor.js';
import { Node, needsGradient } from './node.js';
import type { Op, Operand } from './op.js';

let recording = true;

/** Whether ops on recorded tensors are recorded now. */
export const isRecording = (): boolean => recording;

/**
 * Runs `f` with recording on or off, and puts it back. Without recording, results are plain data.
 */
export function withRecording<T>(on: boolean, f: () => T): T {
  const before = recording;
  recording = on;
  try {
    return f();
  } finally {
    recording = before;
  }
}

/** Runs `f` without recording: for evaluation, where no gradient is wanted. */
export const noGrad = <T>(f: () => T): T => withRecording(false, f);

/** What something that should be a tensor is instead, for messages. */
export function describeOperand(x: unknown): string {
  if (x instanceof Tensor) return 'a tensor';
  if (Array.isArray(x)) return 'an array';
  if (ArrayBuffer.isView(x)) return `a ${x.constructor.name}`;
  if (x === null || x === undefined) return String(x);
  return `a ${typeof x}`;
}

/** The dtype the tensors among the operands share; float32 when there are only numbers. */
function commonDType(op: Op, operands: readonly Operand[]): DType {
  let dtype: DType | undefined;
  operands.forEach((x, i) => {
    if (typeof x === 'number') return;
    if (!(x instanceof Tensor)) {
      throw new DTypeError(
        `${op.name}: input ${i} is ${describeOperand(x)}, not a tensor or a number; make one with tensor(...)`,
      );
    }
    dtype ??= x.dtype;
    if (x.dtype !== dtype) {
      throw new DTypeError(
        `${op.name}: inputs mix ${dtype} and ${x.dtype} (input ${i}); convert one with .to('${dtype}')`,
      );
    }
  });
  return dtype ?? 'float32';
}

/** Runs an op and, if any input is recorded, records the result. */
export function apply(op: Op, operands: readonly Operand[], given: unknown): Tensor {
  const dtype = commonDType(op, operands);
  const inputs = operands.map((x) => (typeof x === 'number' ? new Tensor(convert([x], dtype), []) : x));
  const shapes = inputs.map((x) => x.shape);
  const attributes = op.attributes(given, shapes);
  const out = Tensor.unfilled(op.shape(shapes, attributes), dtype);
  const done = op.registered && backend().compute(op.name, out, inputs, attributes);
  if (!done) op.forward(out.cleared(), inputs, attributes);
  if (recording && inputs.some((x) => x.origin !== null)) {
    const differentiable = inputs.some((x, i) => needsGradient(x) && op.differentiable(i));
    out.origin = new Node(op, inputs, attributes, differentiable);
  }
  return out;
}
