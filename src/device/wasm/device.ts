import { messageOf } from '../../tensor/describe.js';
import { OutOfMemoryError } from '../../tensor/memory/errors.js';
import { engineMemory, memoryRefusal } from '../../tensor/memory/memory.js';
import { currentScope } from '../../tensor/memory/scope.js';
import { Tensor } from '../../tensor/tensor.js';
import type { Device } from '../device.js';
import { tryKernel } from './engine.js';
import { Runtime } from './runtime.js';
import { LostPartError } from './threads/pool.js';

/** Made when first needed, one for the process; or the reason why kernels cannot run. */
let made: Device | string | undefined;

function make(): Device {
  tryKernel();
  const memory = engineMemory();
  if (memory === null) throw new Error(memoryRefusal());
  const runtime = new Runtime(memory);
  const device: Device = {
    name: 'simd',
    get threads() {
      return runtime.threads;
    },
    get limits() {
      return runtime.limits;
    },
    allocate: (shape, dtype) => Tensor.uninitialized(shape, dtype),
    run({ wasm }, out, inputs, attributes) {
      if (wasm === undefined) return false;
      // Scratch space that the kernel takes ends with it.
      const mark = memory.mark();
      try {
        return wasm.run(runtime, out, inputs, attributes);
      } catch (error) {
        if (error instanceof LostPartError) {
          // What an op reads it does not write, but for updates in place, which lose no part.
          memory.pop(mark);
          return device.run({ wasm }, out, inputs, attributes);
        }
        // Kernels take all their scratch space before they write. Outside of scopes it is for copies of ordinary arrays, which
        // the plain kernel does without.
        if (error instanceof OutOfMemoryError && currentScope() === null) return false;
        throw error;
      } finally {
        memory.pop(mark);
      }
    },
    // A view on the memory that kernels work on.
    read: (x) => x.data,
  };
  return device;
}

/** The device of emitted kernels; where they cannot run the reason, to follow 'since'. */
export function simdDevice(): Device | string {
  try {
    made ??= make();
  } catch (error) {
    made = messageOf(error);
  }
  return made;
}
