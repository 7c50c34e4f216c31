import type { Tensor } from '../../tensor.js';
import type { FastKernel } from '../fast-kernel.js';
import type { KernelCode } from '../kernel-code.js';
import type { Runtime } from '../runtime.js';
import { type Expression, emitVectorLoop, GROUP, GROUP_BYTES } from './vector-loop.js';

/** Below this, a loop in TypeScript is as quick; and so it is where copies are needed, below a few times as many. */
const LEAST = 32;
const LEAST_COPIED = 64;
const FLOAT_BYTES = 4;
/** What an element takes, in nanoseconds, to see whether sharing the work pays. */
const NANOSECONDS = 0.6;

/** An operand: as large as the result, one number, or one row that every row of the result shares. */
type Kind = 'full' | 'scalar' | 'row';

/** `undefined` for a tensor that is not of a kind the kernels know. */
function kindOf(x: Tensor, out: Tensor): Kind | undefined {
  // Operands broadcast to the result, so equal sizes mean an equal layout: only leading 1s can differ.
  if (x.size === out.size) return 'full';
  if (x.size === 1) return 'scalar';
  const width = out.shape[out.rank - 1];
  return x.size === width && x.shape[x.rank - 1] === width ? 'row' : undefined;
}

const scalarGroup = new Float32Array(GROUP);

function addressOf(runtime: Runtime, x: Tensor, kind: Kind): number {
  return kind === 'scalar' ? runtime.put(scalarGroup.fill(x.data[0])) : runtime.operand(x);
}

function runLoop(
  runtime: Runtime,
  code: KernelCode,
  out: Tensor,
  inputs: readonly Tensor[],
  kinds: readonly Kind[],
) {
  const target = runtime.result(out);
  const places = inputs.map((x, i) => addressOf(runtime, x, kinds[i]));
  const work = out.size * NANOSECONDS * inputs.length;
  if (!kinds.includes('row')) {
    runtime.split(code, out.size, GROUP, work, (start, end) => [
      (end - start) * FLOAT_BYTES,
      target + start * FLOAT_BYTES,
      ...places.flatMap((place, i) =>
        kinds[i] === 'scalar' ? [place, 0] : [place + start * FLOAT_BYTES, GROUP_BYTES],
      ),
      1,
      ...places.map(() => 0),
    ]);
  } else {
    const width = out.shape[out.rank - 1];
    // Rows are read in whole groups; the next row begins before the end of the last group.
    const back = -Math.ceil(width / GROUP) * GROUP_BYTES;
    runtime.split(code, out.size / width, 1, work, (start, end) => [
      width * FLOAT_BYTES,
      target + start * width * FLOAT_BYTES,
      ...places.flatMap((place, i) => {
        if (kinds[i] === 'scalar') return [place, 0];
        return [kinds[i] === 'row' ? place : place + start * width * FLOAT_BYTES, GROUP_BYTES];
      }),
      end - start,
      ...kinds.map((kind) => (kind === 'scalar' ? 0 : kind === 'row' ? back : back + width * FLOAT_BYTES)),
    ]);
  }
  runtime.finish(out, target);
}

/**
 * The fast kernel of an elementwise op, from its expression on vectors. It takes operands as large as the result,
 * scalars, and rows [n] or [1, n] against [m, n]; it declines other shapes, and few elements.
 */
export function elementwise(op: string, arity: number, expression: Expression): FastKernel {
  const code = emitVectorLoop(op, arity, expression);
  return {
    op,
    run: (runtime, out, inputs) => {
      if (out.size < (out.address === 0 ? LEAST_COPIED : LEAST)) return false;
      const kinds: Kind[] = [];
      for (const x of inputs) {
        const kind = kindOf(x, out);
        if (kind === undefined) return false;
        kinds.push(kind);
      }
      runLoop(runtime, code, out, inputs, kinds);
      return true;
    },
  };
}
