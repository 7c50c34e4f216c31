import { backend } from '../device/current.js';
import { describeValue } from '../tensor/describe.js';
import type { DType } from '../tensor/dtype.js';
import { DTypeError } from '../tensor/errors.js';
import { broadcastShapes, type Shape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { Node, needsGradient } from './node.js';
import type { Op, Operand } from './op.js';

let recording = true;

/** Whether ops on recorded tensors are being recorded. */
export const isRecording = (): boolean => recording;

/**
 * Runs `f` with recording on or off, then restores it. Without recording, results are plain data.
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

/** What is wrong with an operand that is neither a number nor a tensor of the common dtype. */
function wrongOperand(op: Op, input: number, x: unknown, dtype: DType | undefined): DTypeError {
  return new DTypeError(
    x instanceof Tensor
      ? `${op.name}: inputs mix ${dtype} and ${x.dtype} (input ${input}); convert one with .to('${dtype}')`
      : `${op.name}: input ${input} is ${describeValue(x)}, not a tensor or a number; make one with tensor(...)`,
  );
}

/** The dtype the tensors among the operands share; float32 when there are only numbers. */
function commonDType(op: Op, operands: readonly Operand[]): DType {
  let dtype: DType | undefined;
  for (let i = 0; i < operands.length; i++) {
    const x = operands[i];
    if (typeof x === 'number') continue;
    if (!(x instanceof Tensor)) throw wrongOperand(op, i, x, dtype);
    dtype ??= x.dtype;
    if (x.dtype !== dtype) throw wrongOperand(op, i, x, dtype);
  }
  return dtype ?? 'float32';
}

/** A number as a tensor. */
function scalar(x: number, dtype: DType): Tensor {
  const t = Tensor.uninitialized([], dtype);
  t.data[0] = x;
  return t;
}

/** Records the op that made `out`, if any input is recorded. */
function record(op: Op, out: Tensor, inputs: readonly Tensor[], attributes: unknown): void {
  let recorded = false;
  let differentiable = false;
  for (let i = 0; i < inputs.length; i++) {
    if (inputs[i].origin === null) continue;
    recorded = true;
    differentiable ||= needsGradient(inputs[i]) && op.differentiable(i);
  }
  if (recorded) out.origin = new Node(op, inputs, attributes, differentiable);
}

/** Replaces numbers by tensors. */
function toTensors(operands: Operand[], dtype: DType): asserts operands is Tensor[] {
  for (let i = 0; i < operands.length; i++) {
    const x = operands[i];
    if (typeof x === 'number') operands[i] = scalar(x, dtype);
  }
}

/** The shape that all inputs broadcast to. */
function commonShape(op: Op, inputs: readonly Tensor[]): Shape {
  let { shape } = inputs[0];
  for (let i = 1; i < inputs.length; i++) shape = broadcastShapes(shape, inputs[i].shape, op.name);
  return shape;
}

/**
 * Runs an op and, if any input is recorded, records the result.
 * @param operands a list that the caller gives up: the record keeps it
 */
export function apply(op: Op, operands: Operand[], given: unknown): Tensor {
  // Small tensors live or die by what happens here: plain loops, no closures, nothing allocated that is not kept.
  const dtype = commonDType(op, operands);
  toTensors(operands, dtype);
  const inputs: readonly Tensor[] = operands;
  let attributes: unknown;
  let out: Tensor;
  if (op.elementwise && given === undefined) out = backend().allocate(commonShape(op, inputs), dtype);
  else {
    const shapes = inputs.map((x) => x.shape);
    attributes = op.attributes(given, shapes);
    out = backend().allocate(op.shape(shapes, attributes), op.dtype(attributes) ?? dtype);
  }
  if (dtype === 'float32' && op.fast(out, inputs, attributes)) op.runs.fast++;
  else {
    op.forward(out.cleared(), inputs, attributes);
    op.runs.plain++;
  }
  if (recording) record(op, out, inputs, attributes);
  return out;
}
