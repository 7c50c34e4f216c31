import type { Layout } from '../../../tensor/kernels/layout.js';
import { copySize, copyStrided } from '../../../tensor/kernels/strided.js';
import type { FastKernel } from '../fast-kernel.js';
import { runCopy, runZeros } from './copy.js';

/** Below this many elements a loop in TypeScript is as fast. */
const SMALL = 64;

/** The fast kernel of an op that moves elements without computing. */
export const fastLayout = <Attributes>(name: string, layout: Layout<Attributes>): FastKernel<Attributes> => ({
  name,
  run(runtime, out, inputs, attributes) {
    if (out.size < SMALL) return false;
    // A small part of what would have to be copied first is taken by the plain kernel.
    if (inputs.some((x) => x.address === 0 && x.size > 2 * out.size)) return false;
    const copies = layout(
      out.shape,
      inputs.map((x) => x.shape),
      attributes,
    );
    const target = runtime.result(out);
    const floats = runtime.memory.floats(target, out.size);
    if (copies.reduce((size, copy) => size + copySize(copy), 0) < out.size) {
      runZeros(runtime, target, out.size);
    }
    copies.forEach((copy, i) => {
      const x = inputs[i];
      if (copySize(copy) < SMALL) copyStrided(floats, x.data, copy);
      else runCopy(runtime, runtime.operand(x), target, copy);
    });
    runtime.finish(out, target);
    return true;
  },
});
