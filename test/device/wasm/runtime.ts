import { vi } from 'vitest';
import type { Op } from '../../../src/autograd/op.js';
import { backend } from '../../../src/device/current.js';
import type { FastKernel } from '../../../src/device/wasm/fast-kernel.js';
import { Runtime } from '../../../src/device/wasm/runtime.js';
import { Tensor } from '../../../src/tensor/index.js';
import { engineMemory } from '../../../src/tensor/memory/memory.js';
import { scope } from '../../../src/tensor/memory/scope.js';

const memory = engineMemory();
if (memory === null) throw new Error('these tests need WebAssembly');

/** Kernels on the memory that steps use too, on one thread. */
export const runtime = new Runtime(memory, 1);

/** Runs a kernel as the backend does: scratch space is given back after it. */
export const runKernel = <A>(
  kernel: FastKernel<A>,
  out: Tensor,
  inputs: readonly Tensor[],
  attributes: A,
  on = runtime,
): boolean => on.scoped(() => kernel.run(on, out, inputs, attributes));

/** The fast kernel of an op, to be run on a runtime of the test's choice; it declines where the op has none. */
export const kernelOf = (op: Op): FastKernel => ({
  name: op.name,
  run(on, out, inputs, attributes) {
    const seam = vi
      .spyOn(backend(), 'run')
      .mockImplementation(({ wasm }, ...call) => wasm?.run(on, ...call) ?? false);
    try {
      return op.fast(out, inputs, attributes);
    } finally {
      seam.mockRestore();
    }
  },
});

/** A copy in the memory of the open scope, where kernels work in place. */
export function inPlace(x: Tensor): Tensor {
  const copy = Tensor.uninitialized(x.shape, x.dtype);
  copy.data.set(x.data);
  return copy;
}

/**
 * The result of a kernel, in an ordinary array, written over sevens so that an element left out shows; null where the kernel
 * declines, with the sevens in place. Operands and result stand where kernels find them, or need to be copied.
 */
export function resultOf<A>(
  kernel: FastKernel<A>,
  shape: readonly number[],
  inputs: readonly Tensor[],
  attributes: A,
  { copied, on = runtime }: { readonly copied: boolean; readonly on?: Runtime },
): Tensor | null {
  return scope(() => {
    const place = (x: Tensor): Tensor => (copied ? x : inPlace(x));
    const out = copied
      ? new Tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape)
      : Tensor.uninitialized(shape, 'float32');
    out.data.fill(7);
    const done = runKernel(kernel, out, inputs.map(place), attributes, on);
    if (!done && out.data.some((x) => x !== 7))
      throw new Error(`${kernel.name} wrote to a result that it declined`);
    return done ? new Tensor(out.data.slice(), shape) : null;
  });
}
