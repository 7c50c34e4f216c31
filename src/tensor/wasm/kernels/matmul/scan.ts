import { MOST_PARTS } from '../../../memory/control.js';
import * as f32x4 from '../../assembler/f32x4.js';
import * as i32x4 from '../../assembler/i32x4.js';
import { countUp } from '../../assembler/index.js';
import * as v128 from '../../assembler/v128.js';
import { kernelCode } from '../../kernel-code.js';
import type { Runtime } from '../../runtime.js';
import { FLOAT, REGISTER } from '../../sizes.js';

/** Two vectors a turn. */
const GROUP = 8;
/** A part's result: zeros in each lane, then whether anything was not finite in each lane. */
const RESULT = 8;

/** Counts zeros, and looks for numbers that are not finite, in whole groups. */
const scanCode = kernelCode('scanZeros', 3, ([from, end, result], locals) => {
  const [zeros, strange, zero] = locals.array('v128', 3);
  const values = locals.array('v128', 2);
  return [
    zero.set(v128.zero),
    countUp(
      from,
      end,
      GROUP * FLOAT,
      values.flatMap((x, v) => [
        x.set(v128.load(from, v * REGISTER)),
        // A comparison that holds is -1.
        zeros.set(i32x4.sub(zeros, f32x4.eq(x, zero))),
        // 0 times infinity is NaN, which differs from 0.
        strange.set(v128.or(strange, f32x4.ne(f32x4.mul(x, zero), zero))),
      ]),
    ),
    v128.store(result, zeros),
    v128.store(result, strange, REGISTER),
  ];
});

/** What a sparse product asks of its operands. */
export interface Scan {
  /** The share of numbers that are zero, of either sign. */
  readonly zeros: number;
  /** Whether no number is infinite or NaN. */
  readonly finite: boolean;
}

/** A sample: so many runs of so many numbers, evenly spread. */
const RUNS = 8;
const RUN = 64;

/** The share of zeros in a sample of `count` numbers; in all of them where they are few. It touches little memory. */
export function sampleZeros(runtime: Runtime, address: number, count: number): number {
  const { f32 } = runtime.memory;
  const length = Math.min(RUN, count);
  let zeros = 0;
  for (let i = 0; i < RUNS; i++) {
    const start = address / FLOAT + Math.floor(((count - length) * i) / (RUNS - 1));
    for (let j = start; j < start + length; j++) if (f32[j] === 0) zeros++;
  }
  return zeros / (RUNS * length);
}

/** Looks through `count` numbers, at least one. */
export const scan = (runtime: Runtime, address: number, count: number): Scan =>
  runtime.scoped(() => {
    const results = runtime.reserve(MOST_PARTS * RESULT);
    const whole = count - (count % GROUP);
    let parts = 0;
    runtime.split(scanCode, whole, GROUP, 0.15 * count, (kernel, start, end) =>
      kernel(address + start * FLOAT, address + end * FLOAT, results + RESULT * FLOAT * parts++),
    );
    const { f32, i32: words } = runtime.memory;
    let [zeros, finite] = [0, true];
    for (let i = whole; i < count; i++) {
      const x = f32[address / FLOAT + i];
      if (x === 0) zeros++;
      else if (!Number.isFinite(x)) finite = false;
    }
    for (let i = 0; i < parts * RESULT; i++) {
      const found = words[results / FLOAT + i];
      if (i % RESULT < 4) zeros += found;
      else if (found !== 0) finite = false;
    }
    return { zeros: zeros / count, finite };
  });
