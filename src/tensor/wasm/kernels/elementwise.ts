import type { Tensor } from '../../tensor.js';
import type { FastKernel } from '../fast-kernel.js';
import type { Runtime } from '../runtime.js';
import { type Expression, emitVectorLoop, GROUP, GROUP_BYTES } from './vector-loop.js';

/** Below this, copying in and out costs more than is gained. */
const LEAST = 64;
/** Elements worked on at a time: operands and result then stay in cache, and scratch space small. */
const BLOCK = 16384;
const FLOAT_BYTES = 4;

/** An operand: as large as the result, one number, or one row that every row of the result shares. */
interface Operand {
  readonly kind: 'full' | 'scalar' | 'row';
  readonly data: Float32Array;
}

/** `undefined` for a tensor that is not of a kind the kernels know. */
function operandOf(x: Tensor, out: Tensor): Operand | undefined {
  const { data } = x;
  if (!(data instanceof Float32Array)) return undefined;
  // Operands broadcast to the result, so equal sizes mean an equal layout: only leading 1s can differ.
  if (x.size === out.size) return { kind: 'full', data };
  if (x.size === 1) return { kind: 'scalar', data };
  const width = out.shape[out.rank - 1];
  return x.size === width && x.shape[x.rank - 1] === width ? { kind: 'row', data } : undefined;
}

/** Puts an operand, or its elements from `start` on, as many as `length`, into scratch space. */
function putOperand(runtime: Runtime, { kind, data }: Operand, start: number, length: number): number {
  if (kind === 'scalar') return runtime.put(new Float32Array(GROUP).fill(data[0]));
  return runtime.put(kind === 'row' || length === data.length ? data : data.subarray(start, start + length));
}

/** The part of the result from element `start` on, `out`, in rows of `width` elements. */
function runBlock(
  runtime: Runtime,
  name: string,
  out: Float32Array,
  operands: readonly Operand[],
  start: number,
  width: number,
): void {
  runtime.begin();
  // A row is rounded up to whole groups; what that writes past its end, the next row writes again.
  const count = Math.ceil(width / GROUP);
  const toRowStart = -count * GROUP_BYTES;
  const toNextRow = toRowStart + width * FLOAT_BYTES;
  const places: number[] = [];
  const rowSteps: number[] = [];
  for (const operand of operands) {
    const { kind } = operand;
    places.push(putOperand(runtime, operand, start, out.length), kind === 'scalar' ? 0 : GROUP_BYTES);
    rowSteps.push(kind === 'scalar' ? 0 : kind === 'row' ? toRowStart : toNextRow);
  }
  const target = runtime.reserve(out.length + GROUP);
  runtime.run(name, count, target, ...places, out.length / width, toNextRow, ...rowSteps);
  runtime.take(target, out);
}

/**
 * The fast kernel of an elementwise op, from its expression on vectors. It takes operands as large as the result,
 * scalars, and rows [n] or [1, n] against [m, n]; it declines other shapes, float64, and fewer than 64 elements.
 */
export function elementwise(op: string, arity: number, expression: Expression): FastKernel {
  return {
    op,
    functions: [emitVectorLoop(op, arity, expression)],
    run: (runtime, out, inputs) => {
      if (!(out.data instanceof Float32Array) || out.size < LEAST) return false;
      const operands: Operand[] = [];
      for (const x of inputs) {
        const operand = operandOf(x, out);
        if (operand === undefined) return false;
        operands.push(operand);
      }
      const row = operands.find(({ kind }) => kind === 'row');
      const width = row?.data.length ?? BLOCK;
      const block = width * Math.max(1, Math.floor(BLOCK / width));
      for (let start = 0; start < out.size; start += block) {
        const part = out.size <= block ? out.data : out.data.subarray(start, start + block);
        runBlock(runtime, op, part, operands, start, Math.min(width, part.length));
      }
      return true;
    },
  };
}
