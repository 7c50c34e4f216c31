import type { Tensor } from '../../../tensor/tensor.js';
import type { Runtime } from '../runtime.js';
import { FLOAT, LINE } from '../sizes.js';
import { runSegments, type Segment, type SegmentKernel } from './segments.js';

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
  kernel: SegmentKernel,
  updates: readonly ParameterUpdate<Scalars>[],
  packed: (scalars: Scalars) => readonly number[],
  nanoseconds: number,
): true {
  const numbersAt = new Map<Scalars, number>();
  const segments = updates.map(({ gradient, changed, scalars, flags }) => {
    const numbers = numbersAt.get(scalars) ?? runtime.put(Float32Array.from(packed(scalars)));
    numbersAt.set(scalars, numbers);
    const gradientAt = runtime.operand(gradient);
    const places = changed.map((tensor) => (tensor === null ? 0 : runtime.operand(tensor)));
    const row: Segment['row'] = (words, at, start, end) => {
      const from = FLOAT * start;
      let next = at;
      words[next++] = FLOAT * (end - start);
      words[next++] = gradientAt + from;
      for (const place of places) words[next++] = place === 0 ? 0 : place + from;
      words[next++] = numbers;
      for (const flag of flags) words[next++] = flag;
    };
    return { count: gradient.size, row, places };
  });
  runSegments(runtime, kernel, segments, LINE, nanoseconds);
  updates.forEach(({ changed }, i) => {
    changed.forEach((tensor, j) => {
      if (tensor !== null) runtime.finish(tensor, segments[i].places[j]);
    });
  });
  return true;
}
