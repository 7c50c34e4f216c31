import type { AdamScalars, AdamUpdate } from '../../kernels/adam.js';
import { f32x4, i32, v128, when } from '../assembler/index.js';
import type { Runtime } from '../runtime.js';
import { forVectors, runSegments, segmentKernel } from './segments.js';

const FLOAT = 4;
/** Numbers in a cache line. */
const LINE = 16;

const COLUMNS = [
  ...['bytes', 'p', 'gradient', 'm', 'v'],
  /** 0 without amsgrad. */
  'largest',
  /** The numbers, in the order of {@link packed}. */
  'numbers',
  /** Whether `decay` is not 0. Adding even 0 p would turn a gradient of -0 into +0. */
  'decays',
] as const;

/** Adam and AdamW updates, four elements at a time. */
const adamCode = segmentKernel('adam', COLUMNS, (row, locals) => {
  const i = locals.new('i32');
  const constants = locals.array('v128', 9);
  const [beta1, intake1, beta2, intake2, epsilon, stepSize, correction, shrink, decay] = constants.map(
    (c) => c.get,
  );
  const [before, g, mean, u] = locals.array('v128', 4);
  const { add, sub, mul, div, sqrt, max } = f32x4;
  const at = (array: typeof row.p) => i32.add(array.get, i.get);
  return [
    ...constants.map((constant, k) => constant.set(v128.load32Splat(row.numbers.get, FLOAT * k))),
    forVectors(i, row.bytes.get, locals, (store) => [
      // A shrink of 1 leaves every bit as it is.
      before.set(mul(v128.load(at(row.p)), shrink)),
      g.set(v128.load(at(row.gradient))),
      when(row.decays.get, g.set(add(g.get, mul(decay, before.get)))),
      mean.set(add(mul(beta1, v128.load(at(row.m))), mul(intake1, g.get))),
      u.set(add(mul(beta2, v128.load(at(row.v))), mul(mul(intake2, g.get), g.get))),
      store(at(row.m), mean.get),
      store(at(row.v), u.get),
      when(row.largest.get, u.set(max(v128.load(at(row.largest)), u.get)), store(at(row.largest), u.get)),
      store(
        at(row.p),
        sub(before.get, div(mul(stepSize, mean.get), add(div(sqrt(u.get), correction), epsilon))),
      ),
    ]),
  ];
});

const packed = (n: AdamScalars): Float32Array =>
  Float32Array.of(
    ...[n.beta1, n.intake1, n.beta2, n.intake2, n.epsilon],
    ...[n.stepSize, n.correction, n.shrink, n.decay],
  );

/** What an element takes, in nanoseconds, to see whether sharing the work pays. */
const NANOSECONDS = 1.5;

/** Adam and AdamW updates of float32 parameters in place, in one pass over all, with the bits of the plain float32 loop. */
export function runAdam(runtime: Runtime, updates: readonly AdamUpdate[]): void {
  const numbersAt = new Map<AdamScalars, number>();
  const finish: (() => void)[] = [];
  const segments = updates.map(({ p, gradient, m, v, largest, scalars }) => {
    const numbers = numbersAt.get(scalars) ?? runtime.put(packed(scalars));
    numbersAt.set(scalars, numbers);
    const changed = largest === null ? [p, m, v] : [p, m, v, largest];
    const places = changed.map((t) => runtime.operand(t));
    changed.forEach((t, i) => {
      finish.push(() => runtime.finish(t, places[i]));
    });
    const [pAt, mAt, vAt, largestAt] = places;
    const gradientAt = runtime.operand(gradient);
    const decays = Math.fround(scalars.decay) === 0 ? 0 : 1;
    return {
      count: p.size,
      row: (start: number, end: number) => {
        const from = FLOAT * start;
        return [
          ...[FLOAT * (end - start), pAt + from, gradientAt + from, mAt + from, vAt + from],
          ...[largest === null ? 0 : largestAt + from, numbers, decays],
        ];
      },
    };
  });
  runSegments(runtime, adamCode, segments, LINE, NANOSECONDS);
  for (const f of finish) f();
}
