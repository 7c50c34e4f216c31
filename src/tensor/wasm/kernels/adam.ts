import type { TensorData } from '../../dtype.js';
import type { AdamArrays, AdamScalars } from '../../kernels/adam.js';
import { countUp, defineFunction, f32x4, i32, v128, when } from '../assembler/index.js';
import type { Runtime } from '../runtime.js';

/** Elements to copy, update and copy back at once: five arrays of them stay in the cache of a core. */
const CHUNK = 8192;
const REGISTER = 16;

/** One Adam or AdamW update, four elements at a time. No address of `largest` (0) means no amsgrad. */
export const adamFunction = defineFunction({
  name: 'adam',
  parameters: {
    p: 'i32',
    gradient: 'i32',
    m: 'i32',
    v: 'i32',
    largest: 'i32',
    /** The numbers, in the order of {@link packed}. */
    numbers: 'i32',
    /** Whether `decay` is not 0. Adding even 0 p would turn a gradient of -0 into +0. */
    decays: 'i32',
    count: 'i32',
  },
  body: ({ p, gradient, m, v, largest, numbers, decays, count }, locals) => {
    const i = locals.new('i32');
    const constants = locals.array('v128', 9);
    const [beta1, intake1, beta2, intake2, epsilon, stepSize, correction, shrink, decay] = constants.map(
      (c) => c.get,
    );
    const [before, g, mean, u] = locals.array('v128', 4);
    const { add, sub, mul, div, sqrt, max } = f32x4;
    const at = (array: typeof p) => i32.add(array.get, i.get);
    return [
      ...constants.map((constant, k) => constant.set(v128.load32Splat(numbers.get, 4 * k))),
      countUp(
        i,
        i32.shl(count.get, i32.const(2)),
        REGISTER,
        // A shrink of 1 leaves every bit as it is.
        before.set(mul(v128.load(at(p)), shrink)),
        g.set(v128.load(at(gradient))),
        when(decays.get, g.set(add(g.get, mul(decay, before.get)))),
        mean.set(add(mul(beta1, v128.load(at(m))), mul(intake1, g.get))),
        u.set(add(mul(beta2, v128.load(at(v))), mul(mul(intake2, g.get), g.get))),
        v128.store(at(m), mean.get),
        v128.store(at(v), u.get),
        when(largest.get, u.set(max(v128.load(at(largest)), u.get)), v128.store(at(largest), u.get)),
        v128.store(
          at(p),
          sub(before.get, div(mul(stepSize, mean.get), add(div(sqrt(u.get), correction), epsilon))),
        ),
      ),
    ];
  },
});

const packed = (n: AdamScalars): Float32Array =>
  Float32Array.of(
    ...[n.beta1, n.intake1, n.beta2, n.intake2, n.epsilon],
    ...[n.stepSize, n.correction, n.shrink, n.decay],
  );

const floats = (array: TensorData | null): Float32Array | null =>
  array instanceof Float32Array ? array : null;

/**
 * One Adam or AdamW update in place, with the bits of the plain float32 loop. Needs {@link adamFunction}.
 * @returns false, with nothing changed, when the arrays are not float32.
 */
export function runAdam(runtime: Runtime, storage: AdamArrays, scalars: AdamScalars): boolean {
  const [p, gradient, m, v] = [storage.p, storage.gradient, storage.m, storage.v].map(floats);
  const largest = floats(storage.largest);
  if (p === null || gradient === null || m === null || v === null) return false;
  const numbers = packed(scalars);
  const decays = numbers[numbers.length - 1] === 0 ? 0 : 1;
  for (let start = 0; start < p.length; start += CHUNK) {
    const part = (array: Float32Array): Float32Array => array.subarray(start, start + CHUNK);
    runtime.begin();
    const addresses = [p, gradient, m, v].map((array) => runtime.put(part(array)));
    const last = largest === null ? 0 : runtime.put(part(largest));
    runtime.run('adam', ...addresses, last, runtime.put(numbers), decays, part(p).length);
    runtime.take(addresses[0], part(p));
    runtime.take(addresses[2], part(m));
    runtime.take(addresses[3], part(v));
    if (largest !== null) runtime.take(last, part(largest));
  }
  return true;
}
