import type { Layout } from '../../../tensor/kernels/layout.js';
import { copySize, copyStrided, isIdentity } from '../../../tensor/kernels/strided.js';
import { MIN_SIZE } from '../costs.js';
import type { FastKernel } from '../fast-kernel.js';
import { runCopy, runZeros } from './copy.js';

/** Below this many elements a typed array copies itself as fast, if no order changes. */
const SMALL_IDENTITY = 2 ** 13;

/** The fast kernel of an op that moves elements without computing. */
export const fastLayout = <Attributes>(name: string, layout: Layout<Attributes>): FastKernel<Attributes> => ({
  name,
  run(runtime, out, inputs, attributes) {
    if (out.size < MIN_SIZE.copy) return false;
    // A small part of what would have to be copied first is taken by the plain kernel.
    if (inputs.some((x) => x.address === 0 && x.size > 2 * out.size)) return false;
    const shapes = inputs.map((x) => x.shape);
    const copies = layout(out.shape, shapes, attributes);
    if (out.size < SMALL_IDENTITY && copies.every(isIdentity)) return false;
    const target = runtime.result(out);
    if (copies.reduce((size, copy) => size + copySize(copy), 0) < out.size) {
      runZeros(runtime, target, out.size);
    }
    for (let i = 0; i < copies.length; i++) {
      const x = inputs[i];
      if (copySize(copies[i]) >= MIN_SIZE.copy) runCopy(runtime, runtime.operand(x), target, copies[i]);
      else copyStrided(runtime.memory.floats(target, out.size), x.data, copies[i]);
    }
    runtime.finish(out, target);
    return true;
  },
});
