import type { SgdScalars, SgdUpdate } from '../../kernels/sgd.js';
import { f32x4, i32, v128, when } from '../assembler/index.js';
import type { Runtime } from '../runtime.js';
import { forVectors, runSegments, segmentKernel } from './segments.js';

const FLOAT = 4;
/** Numbers in a cache line. */
const LINE = 16;

const COLUMNS = [
  ...['bytes', 'p', 'gradient'],
  /** The velocity; 0 without momentum. */
  'v',
  /** The numbers, in the order of {@link packed}. */
  'numbers',
  /** Whether `weightDecay` is not 0: adding 0 p would turn a gradient of -0 into +0. */
  'decays',
  'nesterov',
] as const;

/** SGD updates, four elements at a time. */
const sgdCode = segmentKernel('sgd', COLUMNS, (row, locals) => {
  const i = locals.new('i32');
  const constants = locals.array('v128', 4);
  const [rate, decay, momentum, intake] = constants.map((c) => c.get);
  const [p, d, velocity] = locals.array('v128', 3);
  const { add, sub, mul } = f32x4;
  const at = (array: typeof row.p) => i32.add(array.get, i.get);
  return [
    ...constants.map((constant, k) => constant.set(v128.load32Splat(row.numbers.get, FLOAT * k))),
    forVectors(i, row.bytes.get, locals, (store) => [
      p.set(v128.load(at(row.p))),
      d.set(v128.load(at(row.gradient))),
      when(row.decays.get, d.set(add(d.get, mul(decay, p.get)))),
      when(
        row.v.get,
        velocity.set(add(mul(momentum, v128.load(at(row.v))), mul(intake, d.get))),
        store(at(row.v), velocity.get),
        when(row.nesterov.get, d.set(add(d.get, mul(momentum, velocity.get)))),
        when(i32.eqz(row.nesterov.get), d.set(velocity.get)),
      ),
      store(at(row.p), sub(p.get, mul(rate, d.get))),
    ]),
  ];
});

const packed = (n: SgdScalars): Float32Array =>
  Float32Array.of(n.learningRate, n.weightDecay, n.momentum, n.intake);

/** What an element takes, in nanoseconds, to see whether sharing the work pays. */
const NANOSECONDS = 0.8;

/** SGD updates of float32 parameters in place, in one pass over all, with the bits of the plain float32 loop. */
export function runSgd(runtime: Runtime, updates: readonly SgdUpdate[]): void {
  const numbersAt = new Map<SgdScalars, number>();
  const finish: (() => void)[] = [];
  const segments = updates.map(({ p, gradient, v, scalars }) => {
    const numbers = numbersAt.get(scalars) ?? runtime.put(packed(scalars));
    numbersAt.set(scalars, numbers);
    const pAt = runtime.operand(p);
    finish.push(() => runtime.finish(p, pAt));
    const vAt = v === null ? 0 : runtime.operand(v);
    if (v !== null) finish.push(() => runtime.finish(v, vAt));
    const gradientAt = runtime.operand(gradient);
    const decays = Math.fround(scalars.weightDecay) === 0 ? 0 : 1;
    return {
      count: p.size,
      row: (start: number, end: number) => {
        const from = FLOAT * start;
        return [
          ...[FLOAT * (end - start), pAt + from, gradientAt + from, v === null ? 0 : vAt + from],
          ...[numbers, decays, scalars.nesterov ? 1 : 0],
        ];
      },
    };
  });
  runSegments(runtime, sgdCode, segments, LINE, NANOSECONDS);
  for (const f of finish) f();
}
