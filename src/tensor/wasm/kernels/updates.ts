import type { Tensor } from '../../tensor.js';
import type { KernelCode } from '../kernel-code.js';
import type { Runtime } from '../runtime.js';
import { FLOAT, LINE } from '../sizes.js';
import { runSegments } from './segments.js';

/** What a kernel needs to know of an optimizer's step for one parameter. */
export interface ParameterUpdate<Scalars> {
  readonly gradient: Tensor;
  /** What changes in place: the parameter first, then what the optimizer remembers of it. Null for what it does without. */
  readonly changed: readonly (Tensor | null)[];
  readonly scalars: Scalars;
  /** Further words of the kernel's table. */
  readonly flags: readonly number[];
}

/**
 * Updates of float32 parameters in place, in one pass over all. The kernel's table has these columns: bytes, gradient, what
 * changes (0 for null), the numbers as `packed` gives them, and the flags.
 * @param nanoseconds what an element takes, to see whether sharing the work pays
 */
export function runUpdates<Scalars>(
  runtime: Runtime,
  code: KernelCode,
  updates: readonly ParameterUpdate<Scalars>[],
  packed: (scalars: Scalars) => readonly number[],
  nanoseconds: number,
): true {
  const numbersAt = new Map<Scalars, number>();
  const finish: (() => void)[] = [];
  const segments = updates.map(({ gradient, changed, scalars, flags }) => {
    const numbers = numbersAt.get(scalars) ?? runtime.put(Float32Array.from(packed(scalars)));
    numbersAt.set(scalars, numbers);
    const places = changed.map((tensor) => {
      if (tensor === null) return 0;
      const at = runtime.operand(tensor);
      finish.push(() => runtime.finish(tensor, at));
      return at;
    });
    const gradientAt = runtime.operand(gradient);
    const row = (start: number, end: number): readonly number[] => {
      const from = FLOAT * start;
      const moved = places.map((at) => (at === 0 ? 0 : at + from));
      return [FLOAT * (end - start), gradientAt + from, ...moved, numbers, ...flags];
    };
    return { count: gradient.size, row };
  });
  runSegments(runtime, code, segments, LINE, nanoseconds);
  for (const f of finish) f();
  return true;
}
