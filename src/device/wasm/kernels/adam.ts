import type { Work } from '../../../tensor/backend.js';
import type { AdamScalars, AdamUpdate } from '../../../tensor/kernels/adam.js';
import { add, div, max, mul, sqrt, sub } from '../assembler/f32x4.js';
import * as i32 from '../assembler/i32.js';
import { type Local, when } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import type { Runtime } from '../runtime.js';
import { FLOAT } from '../sizes.js';
import { forVectors, segmentKernel } from './segments.js';
import { runUpdates } from './updates.js';

/**
 * Adam and AdamW updates, four elements at a time. `largest` is 0 without amsgrad; `numbers` stand in the order of
 * {@link packed}; `decays` says whether `decay` is not 0: adding even 0 p would turn a gradient of -0 into +0.
 */
const adamCode = segmentKernel('adam', 8, ([bytes, gradient, p, m, v, largest, numbers, decays], locals) => {
  const i = locals.new('i32');
  const constants = locals.array('v128', 9);
  const [beta1, intake1, beta2, intake2, epsilon, stepSize, correction, shrink, decay] = constants;
  const [before, g, mean, u] = locals.array('v128', 4);
  const at = (array: Local<'i32'>) => i32.add(array, i);
  return [
    constants.map((constant, k) => constant.set(v128.load32Splat(numbers, FLOAT * k))),
    forVectors(i, bytes, locals, (store) => [
      // A shrink of 1 leaves every bit as it is.
      before.set(mul(v128.load(at(p)), shrink)),
      g.set(v128.load(at(gradient))),
      when(decays, g.set(add(g, mul(decay, before)))),
      mean.set(add(mul(beta1, v128.load(at(m))), mul(intake1, g))),
      u.set(add(mul(beta2, v128.load(at(v))), mul(mul(intake2, g), g))),
      store(at(m), mean),
      store(at(v), u),
      when(largest, u.set(max(v128.load(at(largest)), u)), store(at(largest), u)),
      store(at(p), sub(before, div(mul(stepSize, mean), add(div(sqrt(u), correction), epsilon)))),
    ]),
  ];
});

const packed = (n: AdamScalars): readonly number[] => [
  n.beta1,
  n.intake1,
  n.beta2,
  n.intake2,
  n.epsilon,
  n.stepSize,
  n.correction,
  n.shrink,
  n.decay,
];

/** What an element takes, in nanoseconds. */
const NANOSECONDS = 1.5;

/** Adam and AdamW updates of float32 parameters in place, in one pass over all, with the bits of the plain float32 loop. */
export function runAdam(runtime: Runtime, updates: readonly AdamUpdate[]): true {
  const rows = updates.map(({ p, gradient, m, v, largest, scalars }) => ({
    gradient,
    changed: [p, m, v, largest],
    scalars,
    flags: [Math.fround(scalars.decay) === 0 ? 0 : 1],
  }));
  return runUpdates(runtime, adamCode, rows, packed, NANOSECONDS);
}

/** Adam and AdamW updates of float32 parameters in place. */
export const adamWork: Work<readonly AdamUpdate[], true> = { simd: runAdam };
