import type { Work } from '../../../tensor/backend.js';
import type { SgdScalars, SgdUpdate } from '../../../tensor/kernels/sgd.js';
import { add, mul, sub } from '../assembler/f32x4.js';
import * as i32 from '../assembler/i32.js';
import { type Local, when } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import type { Runtime } from '../runtime.js';
import { FLOAT } from '../sizes.js';
import { forVectors, segmentKernel } from './segments.js';
import { runUpdates } from './updates.js';

/**
 * SGD updates, four elements at a time. `v` is the velocity, 0 without momentum; `numbers` stand in the order of {@link packed};
 * `decays` says whether `weightDecay` is not 0: adding 0 p would turn a gradient of -0 into +0.
 */
const sgdCode = segmentKernel('sgd', 7, ([bytes, gradient, p, v, numbers, decays, nesterov], locals) => {
  const i = locals.new('i32');
  const constants = locals.array('v128', 4);
  const [rate, decay, momentum, intake] = constants;
  const [before, d, velocity] = locals.array('v128', 3);
  const at = (array: Local<'i32'>) => i32.add(array, i);
  return [
    constants.map((constant, k) => constant.set(v128.load32Splat(numbers, FLOAT * k))),
    forVectors(i, bytes, locals, (store) => [
      before.set(v128.load(at(p))),
      d.set(v128.load(at(gradient))),
      when(decays, d.set(add(d, mul(decay, before)))),
      when(
        v,
        velocity.set(add(mul(momentum, v128.load(at(v))), mul(intake, d))),
        store(at(v), velocity),
        when(nesterov, d.set(add(d, mul(momentum, velocity)))),
        when(i32.eqz(nesterov), d.set(velocity)),
      ),
      store(at(p), sub(before, mul(rate, d))),
    ]),
  ];
});

const packed = (n: SgdScalars): readonly number[] => [n.learningRate, n.weightDecay, n.momentum, n.intake];

/** What an element takes, in nanoseconds. */
const NANOSECONDS = 0.8;

/** SGD updates of float32 parameters in place, in one pass over all, with the bits of the plain float32 loop. */
export function runSgd(runtime: Runtime, updates: readonly SgdUpdate[]): true {
  const rows = updates.map(({ p, gradient, v, scalars }) => ({
    gradient,
    changed: [p, v],
    scalars,
    flags: [Math.fround(scalars.weightDecay) === 0 ? 0 : 1, scalars.nesterov ? 1 : 0],
  }));
  return runUpdates(runtime, sgdCode, rows, packed, NANOSECONDS);
}

/** SGD updates of float32 parameters in place. */
export const sgdWork: Work<readonly SgdUpdate[], true> = { simd: runSgd };
