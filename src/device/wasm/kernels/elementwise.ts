import { broadcastCopy, type StridedCopy, stridedCopy } from '../../../tensor/kernels/strided.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { NANOSECONDS } from '../costs.js';
import type { Runtime } from '../runtime.js';
import { FLOAT } from '../sizes.js';
import type { Part } from '../threads/pool.js';
import { runCopy } from './copy.js';
import { type Expression, emitVectorLoop, GROUP, GROUP_BYTES } from './vector-loop.js';

/** Attributes of an op stand beside its operands, as numbers. */
export type Operand = Tensor | number;

/**
 * How an operand is laid out against the result: of its size; one number; one row [n] or [1, n] that all rows share; one
 * column [m, 1], a number for each row; or in another way, for which it is stretched to the size of the result.
 */
type Layout = 'full' | 'scalar' | 'row' | 'column' | 'stretched';

function layoutOf(x: Operand, out: Tensor): Layout {
  if (typeof x === 'number') return 'scalar';
  // Operands broadcast to the result, so equal sizes mean an equal layout: only leading 1s can differ.
  if (x.size === out.size) return 'full';
  if (x.size === 1) return 'scalar';
  const width = out.shape[out.rank - 1];
  const own = x.shape[x.rank - 1];
  if (own === width && x.size === width) return 'row';
  // Shorter rows than a group: stretching is less to write.
  return own === 1 && x.size * width === out.size && width >= GROUP ? 'column' : 'stretched';
}

const scalarGroup = new Float32Array(GROUP);

/** A group for each row, filled with the row's number. */
const columnGroups = (x: Tensor): StridedCopy => stridedCopy([x.size, GROUP], [1, 0], [GROUP, 1]);

/** The address of a copy in scratch space, of `count` numbers. */
function putCopy(runtime: Runtime, x: Tensor, count: number, copy: StridedCopy): number {
  const address = runtime.reserve(count);
  runCopy(runtime, runtime.operand(x), address, copy);
  return address;
}

function addressOf(runtime: Runtime, x: Operand, layout: Layout, out: Tensor): number {
  if (typeof x === 'number') return runtime.put(scalarGroup.fill(x));
  if (layout === 'scalar') return runtime.put(scalarGroup.fill(x.data[0]));
  if (layout === 'column') return putCopy(runtime, x, x.size * GROUP, columnGroups(x));
  if (layout === 'stretched') return putCopy(runtime, x, out.size, broadcastCopy(x.shape, out.shape));
  return runtime.operand(x);
}

/** Bytes from a group of an operand to its next. */
const stepOf = (layout: Layout): number => (layout === 'scalar' || layout === 'column' ? 0 : GROUP_BYTES);

/** Bytes from a row of an operand to its next, where a row of the result has `width`. */
function rowStepOf(layout: Layout, width: number): number {
  if (layout === 'full' || layout === 'stretched') return width * FLOAT;
  return layout === 'column' ? GROUP_BYTES : 0;
}

/** Computes a result from operands, or declines: see `FastKernel`. */
export type ElementwiseRun = (runtime: Runtime, out: Tensor, inputs: readonly Operand[]) => boolean;

/** The number that an operand is for all elements, in float32. */
function numberOf(x: Operand): number | undefined {
  if (typeof x === 'number') return Math.fround(x);
  return x.size === 1 ? x.data[0] : undefined;
}

/**
 * An elementwise function as a kernel, from its expression on vectors. Operands broadcast to the result; it declines an empty one.
 * @param nanoseconds what an element takes beside loads and stores
 */
export function elementwiseRun(
  name: string,
  arity: number,
  expression: Expression,
  nanoseconds: number,
): ElementwiseRun {
  const general = loopRun(name, arity, expression, nanoseconds);
  const { withLast } = expression;
  if (withLast === undefined) return general;
  const simple = new Map(
    Array.from(withLast, ([last, form]) => [
      last,
      loopRun(`${name} ${last}`, arity - 1, form, NANOSECONDS.division),
    ]),
  );
  return (runtime, out, inputs) => {
    const last = numberOf(inputs[arity - 1]);
    const run = last === undefined ? undefined : simple.get(last);
    return run === undefined ? general(runtime, out, inputs) : run(runtime, out, inputs.slice(0, -1));
  };
}

/** The kernel of an expression as it stands. */
function loopRun(name: string, arity: number, expression: Expression, nanoseconds: number): ElementwiseRun {
  const code = emitVectorLoop(name, arity, expression);
  // Much of what a small tensor costs is spent here: plain loops, and lists that are used again at each call.
  const layouts = new Array<Layout>(arity).fill('full');
  const addresses = new Array<number>(arity).fill(0);
  const args = new Array<number>(3 + 3 * arity).fill(0);
  return (runtime, out, inputs) => {
    if (out.size === 0) return false;
    let byRows = false;
    for (let i = 0; i < arity; i++) {
      const layout = layoutOf(inputs[i], out);
      layouts[i] = layout;
      byRows ||= layout === 'row' || layout === 'column';
    }
    // Without rows and columns, all of the result is one row, of which a part begins at any group.
    const width = byRows ? out.shape[out.rank - 1] : GROUP;
    const target = runtime.result(out);
    for (let i = 0; i < arity; i++) addresses[i] = addressOf(runtime, inputs[i], layouts[i], out);

    const part: Part = (kernel, first, end) => {
      // From rows, or from elements to groups.
      const start = byRows ? first : first / GROUP;
      const length = byRows ? width : end - first;
      args[0] = length * FLOAT;
      args[1] = target + start * width * FLOAT;
      args[2 + 2 * arity] = byRows ? end - first : 1;
      // Rows are read in whole groups; the next row may begin before the end of the last group.
      const groups = Math.ceil(width / GROUP);
      for (let i = 0; i < arity; i++) {
        const [step, rowStep] = [stepOf(layouts[i]), rowStepOf(layouts[i], width)];
        args[2 + 2 * i] = addresses[i] + start * rowStep;
        args[3 + 2 * i] = step;
        args[3 + 2 * arity + i] = byRows ? rowStep - groups * step : 0;
      }
      kernel(...args);
    };
    const work = out.size * (nanoseconds + NANOSECONDS.move * (arity + 1));
    runtime.split(code, byRows ? out.size / width : out.size, byRows ? 1 : GROUP, work, part);
    runtime.finish(out, target);
    return true;
  };
}
