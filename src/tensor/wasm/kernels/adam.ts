import type { AdamScalars, AdamTensors } from '../../kernels/adam.js';
import { countUp, f32x4, i32, v128, when } from '../assembler/index.js';
import { kernelCode } from '../kernel-code.js';
import type { Runtime } from '../runtime.js';

const FLOAT = 4;
/** Numbers in a cache line. */
const LINE = 16;
const REGISTER = 16;

/** One Adam or AdamW update, four elements at a time. No address of `largest` (0) means no amsgrad. */
export const adamFunction = kernelCode({
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

/** What an element takes, in nanoseconds, to see whether sharing the work pays. */
const NANOSECONDS = 2;

/**
 * One Adam or AdamW update in place, with the bits of the plain float32 loop.
 * @returns false, with nothing changed, when the tensors are not float32.
 */
export function runAdam(runtime: Runtime, tensors: AdamTensors, scalars: AdamScalars): boolean {
  const { p, gradient, m, v, largest } = tensors;
  if (p.dtype !== 'float32') return false;
  const numbers = packed(scalars);
  const decays = numbers[numbers.length - 1] === 0 ? 0 : 1;
  const at = runtime.put(numbers);
  const changed = largest === null ? [p, m, v] : [p, m, v, largest];
  const [pAt, mAt, vAt, largestAt = 0] = changed.map((t) => runtime.operand(t));
  const gradientAt = runtime.operand(gradient);
  runtime.split(adamFunction, p.size, LINE, p.size * NANOSECONDS, (start, end) => {
    const from = start * FLOAT;
    return [
      ...[pAt + from, gradientAt + from, mAt + from, vAt + from, largest === null ? 0 : largestAt + from],
      ...[at, decays, end - start],
    ];
  });
  [pAt, mAt, vAt, largestAt].slice(0, changed.length).forEach((address, i) => {
    runtime.finish(changed[i], address);
  });
  return true;
}
