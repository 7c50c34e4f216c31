import type { Tensor } from '../../tensor.js';
import type { KernelCode } from '../kernel-code.js';
import type { Runtime } from '../runtime.js';
import { type Expression, emitVectorLoop, GROUP, GROUP_BYTES } from './vector-loop.js';

const FLOAT_BYTES = 4;
/** What loading or storing an element takes, in nanoseconds, to see whether sharing the work pays. */
const MOVE = 0.2;

/** Attributes of an op stand beside its operands, as numbers. */
export type Operand = Tensor | number;

/**
 * How an operand is laid out against the result: of its size; one number; one row [n] or [1, n] that all rows share; or
 * one column [m, 1], a number for each row.
 */
type Layout = 'full' | 'scalar' | 'row' | 'column';

/** `undefined` for a tensor that is laid out in none of these ways. */
function layoutOf(x: Operand, out: Tensor): Layout | undefined {
  if (typeof x === 'number') return 'scalar';
  // Operands broadcast to the result, so equal sizes mean an equal layout: only leading 1s can differ.
  if (x.size === out.size) return 'full';
  if (x.size === 1) return 'scalar';
  const width = out.shape[out.rank - 1];
  const own = x.shape[x.rank - 1];
  if (own === width && x.size === width) return 'row';
  return own === 1 && x.size * width === out.size ? 'column' : undefined;
}

/** Where an operand is read: its address, and the steps from group to group, and from row to row. */
interface Place {
  readonly address: number;
  readonly step: number;
  readonly rowStep: number;
}

const scalarGroup = new Float32Array(GROUP);

const numberOf = (x: Operand): number => (typeof x === 'number' ? x : x.data[0]);

/** A group for each row, filled with the row's number. */
function putColumn(runtime: Runtime, x: Tensor): number {
  const address = runtime.reserve(x.size * GROUP);
  const groups = runtime.memory.floats(address, x.size * GROUP);
  for (let row = 0; row < x.size; row++) groups.fill(x.data[row], row * GROUP, (row + 1) * GROUP);
  return address;
}

/** @param width of a row in bytes, where the operand is read by rows */
function placeOf(runtime: Runtime, x: Operand, layout: Layout, width: number): Place {
  if (typeof x === 'number' || layout === 'scalar') {
    return { address: runtime.put(scalarGroup.fill(numberOf(x))), step: 0, rowStep: 0 };
  }
  if (layout === 'column') return { address: putColumn(runtime, x), step: 0, rowStep: GROUP_BYTES };
  return { address: runtime.operand(x), step: GROUP_BYTES, rowStep: layout === 'row' ? 0 : width };
}

/** Runs a vector loop on operands of any layout. */
class ElementwiseLoop {
  private readonly code: KernelCode;

  constructor(
    name: string,
    arity: number,
    expression: Expression,
    private readonly nanoseconds: number,
  ) {
    this.code = emitVectorLoop(name, arity, expression);
  }

  run(runtime: Runtime, out: Tensor, inputs: readonly Operand[], layouts: readonly Layout[]): void {
    const width = layouts.some((layout) => layout === 'row' || layout === 'column')
      ? out.shape[out.rank - 1]
      : out.size;
    const target = runtime.result(out);
    const places = inputs.map((x, i) => placeOf(runtime, x, layouts[i], width * FLOAT_BYTES));
    const work = out.size * (this.nanoseconds + MOVE * (inputs.length + 1));
    if (width === out.size) this.runFlat(runtime, target, out.size, places, work);
    else this.runRows(runtime, target, out.size / width, width, places, work);
    runtime.finish(out, target);
  }

  private runFlat(
    runtime: Runtime,
    target: number,
    size: number,
    places: readonly Place[],
    work: number,
  ): void {
    runtime.split(this.code, size, GROUP, work, (start, end) => [
      (end - start) * FLOAT_BYTES,
      target + start * FLOAT_BYTES,
      ...places.flatMap(({ address, step }) => [address + (start / GROUP) * step, step]),
      1,
      ...places.map(() => 0),
    ]);
  }

  private runRows(
    runtime: Runtime,
    target: number,
    rows: number,
    width: number,
    places: readonly Place[],
    work: number,
  ): void {
    const groups = Math.ceil(width / GROUP);
    runtime.split(this.code, rows, 1, work, (start, end) => [
      width * FLOAT_BYTES,
      target + start * width * FLOAT_BYTES,
      ...places.flatMap(({ address, step, rowStep }) => [address + start * rowStep, step]),
      end - start,
      // Rows are read in whole groups; the next row may begin before the end of the last group.
      ...places.map(({ step, rowStep }) => rowStep - groups * step),
    ]);
  }
}

/** Computes a result from operands, or declines: see `FastKernel`. */
export type ElementwiseRun = (runtime: Runtime, out: Tensor, inputs: readonly Operand[]) => boolean;

/**
 * An elementwise function as a kernel, from its expression on vectors. It takes operands as large as the result,
 * scalars, rows [n] or [1, n] and columns [m, 1] against [m, n], and declines others.
 * @param nanoseconds what an element takes beside loads and stores
 */
export function elementwiseRun(
  name: string,
  arity: number,
  expression: Expression,
  nanoseconds: number,
): ElementwiseRun {
  const loop = new ElementwiseLoop(name, arity, expression, nanoseconds);
  return (runtime, out, inputs) => {
    if (out.size === 0) return false;
    const layouts: Layout[] = [];
    for (const x of inputs) {
      const layout = layoutOf(x, out);
      if (layout === undefined) return false;
      layouts.push(layout);
    }
    loop.run(runtime, out, inputs, layouts);
    return true;
  };
}
