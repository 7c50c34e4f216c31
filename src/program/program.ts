import { allocate, type DType, dtypeOf, type TensorData } from '../tensor/dtype.js';
import { type Loop, type Primitive, runLoop } from './primitive.js';

/** An operand of a step: an input of the program, what an earlier step gave, or a number. */
export type Source = { readonly input: number } | { readonly step: number } | { readonly constant: number };

/** One application of a primitive. */
export interface Step<P extends Primitive = Primitive> {
  readonly primitive: P;
  readonly sources: readonly Source[];
}

/**
 * An elementwise function as data: primitives one after another. It is read as float32 and float64 loops here, as formulas
 * by those who show them, and as SIMD code by the device. Every step rounds, so that all readings have the same bits.
 */
export interface Program<P extends Primitive = Primitive> {
  readonly name: string;
  /** Number of inputs. */
  readonly inputs: number;
  readonly steps: readonly Step<P>[];
  /** The results: one for a function, several for an update in place. */
  readonly outputs: readonly Source[];
}

/** Elements computed step by step before the next ones: what lies between steps stays in the nearest cache. */
const BLOCK = 256;

/** A program as its plain loops run it, in one dtype: an operand is a number for an input, else where its elements stand. */
interface Plan {
  readonly steps: readonly {
    readonly loop: Loop;
    readonly to: TensorData;
    readonly operands: readonly (TensorData | number)[];
  }[];
  readonly outputs: readonly (TensorData | number)[];
}

const plans: Readonly<Record<DType, WeakMap<Program, Plan>>> = {
  float32: new WeakMap(),
  float64: new WeakMap(),
};

function planOf(program: Program, dtype: DType): Plan {
  const known = plans[dtype].get(program);
  if (known !== undefined) return known;
  const registers = program.steps.map(() => allocate(dtype, BLOCK));
  const place = (source: Source): TensorData | number => {
    if ('input' in source) return source.input;
    return 'step' in source ? registers[source.step] : allocate(dtype, 1).fill(source.constant);
  };
  const plan: Plan = {
    steps: program.steps.map(({ primitive, sources }, i) => ({
      loop: primitive.plain[dtype],
      to: registers[i],
      operands: sources.map(place),
    })),
    outputs: program.outputs.map(place),
  };
  plans[dtype].set(program, plan);
  return plan;
}

/**
 * The plain definition of a program: runs each step's loop, block by block.
 * @param outs one for each output, all of one length and dtype; an input may be among them
 * @param inputs of that length, or one number each
 */
export function runProgram(
  program: Program,
  outs: readonly TensorData[],
  inputs: readonly TensorData[],
): void {
  const [{ length }] = outs;
  const { steps, outputs } = planOf(program, dtypeOf(outs[0]));
  for (let from = 0; from < length; from += BLOCK) {
    const n = Math.min(BLOCK, length - from);
    const blocks = inputs.map((x) => (x.length === 1 || n === length ? x : x.subarray(from, from + n)));
    const read = (place: TensorData | number): TensorData =>
      typeof place === 'number' ? blocks[place] : place;
    for (const { loop, to, operands } of steps) runLoop(loop, to, n, operands.map(read));
    outputs.forEach((output, i) => {
      const values = read(output);
      if (values.length === 1) outs[i].fill(values[0], from, from + n);
      else outs[i].set(values.length === n ? values : values.subarray(0, n), from);
    });
  }
}
