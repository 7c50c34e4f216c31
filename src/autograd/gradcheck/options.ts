import { checkOptions } from '../../tensor/known-options.js';
import { Tensor } from '../../tensor/tensor.js';

/** Options of {@link gradcheck}. */
export interface GradcheckOptions {
  /**
   * 'elements' differentiates by every element of every input, and names the wrong one; 'directions' along random
   * directions of each input and of all of them together. By default elements up to 64 of them, directions above.
   */
  readonly mode?: 'elements' | 'directions';
  /**
   * Differentiate by these elements alone: a list of flat indices for each input. For tensors too large to go through;
   * goes with mode 'elements'.
   */
  readonly elements?: readonly (readonly number[])[];
  /** Random directions in that mode. Defaults to 8. */
  readonly directions?: number;
  /**
   * The first step of the differences, times max(1, |x|) for each element; others follow where it does not settle the matter. Rounded
   * down to a power of 2. Defaults to 1e-5.
   */
  readonly step?: number;
  /** Largest error accepted, relative to the derivative. Defaults to 1e-7. */
  readonly tolerance?: number;
  /** Seed of the random cotangents and directions. Defaults to 0. */
  readonly seed?: number;
  /** Indices of inputs that are held: passed to f as plain data, and not differentiated by. */
  readonly held?: readonly number[];
  /** A name for each input, for messages; by default the labels of the tensors. */
  readonly names?: readonly string[];
  /** What is checked, for messages; by default the op that made the output. */
  readonly name?: string;
  /** 2 checks the gradient's gradient too. Defaults to 1. */
  readonly order?: 1 | 2;
}

const KNOWN: readonly (keyof GradcheckOptions)[] = [
  'mode',
  'elements',
  'directions',
  'step',
  'tolerance',
  'seed',
  'held',
  'names',
  'name',
  'order',
];

export interface GradcheckSettings {
  readonly mode: 'elements' | 'directions' | undefined;
  readonly elements: readonly (readonly number[])[] | undefined;
  readonly directions: number;
  readonly step: number;
  readonly tolerance: number;
  readonly seed: number;
  readonly held: ReadonlySet<number>;
  readonly inputNames: readonly string[];
  readonly name: string | undefined;
  readonly order: 1 | 2;
}

/** Inputs up to this many elements are checked one by one unless a mode is given. */
export const MAX_ELEMENTS = 64;

function need(valid: boolean, option: string, got: unknown, wanted: string): void {
  if (!valid) throw new RangeError(`gradcheck: ${option} is ${String(got)}; it must be ${wanted}`);
}

/** @throws RangeError unless there is one list for each input, of indices that it has. */
function checkElements(
  inputs: readonly Tensor[],
  elements: GradcheckOptions['elements'],
  mode: GradcheckOptions['mode'],
): void {
  if (elements === undefined) return;
  need(mode === 'elements', 'mode', mode, "'elements' where elements are given");
  if (elements.length !== inputs.length) {
    throw new RangeError(
      `gradcheck: got ${elements.length} lists of elements for ${inputs.length} inputs; give one for each`,
    );
  }
  elements.forEach((list, k) => {
    const { size } = inputs[k];
    const wrong = list.find((i) => !Number.isInteger(i) || i < 0 || i >= size);
    need(wrong === undefined, `an element of input ${k}`, wrong, `an index from 0 to ${size - 1}`);
  });
}

/** Completes the options. @throws RangeError or TypeError on one that makes no sense. */
export function resolveOptions(inputs: readonly Tensor[], options: GradcheckOptions): GradcheckSettings {
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw new TypeError('gradcheck: needs a list with at least one input, as in gradcheck(f, [x])');
  }
  inputs.forEach((x, i) => {
    if (!(x instanceof Tensor))
      throw new TypeError(`gradcheck: input ${i} is not a tensor; make one with tensor(...)`);
  });
  checkOptions(options, KNOWN, 'gradcheck');
  const {
    elements,
    mode = elements && 'elements',
    directions = 8,
    step = 1e-5,
    tolerance = 1e-7,
    seed = 0,
    held = [],
    names,
    name,
    order = 1,
  } = options;
  need(
    mode === undefined || mode === 'elements' || mode === 'directions',
    'mode',
    mode,
    "'elements' or 'directions'",
  );
  need(Number.isInteger(directions) && directions >= 1, 'directions', directions, 'an integer of 1 or more');
  need(step > 0 && step < 1, 'step', step, 'between 0 and 1');
  need(tolerance > 0 && Number.isFinite(tolerance), 'tolerance', tolerance, 'a positive number');
  need(order === 1 || order === 2, 'order', order, '1 or 2');
  const wrong = held.find((k) => !Number.isInteger(k) || k < 0 || k >= inputs.length);
  need(wrong === undefined, 'an index in held', wrong, `from 0 to ${inputs.length - 1}`);
  if (names !== undefined && names.length !== inputs.length) {
    throw new RangeError(
      `gradcheck: got ${names.length} names for ${inputs.length} inputs; give one for each`,
    );
  }
  checkElements(inputs, elements, mode);
  const inputNames = inputs.map((x, i) => {
    const own = names?.[i] ?? x.label;
    return own === undefined ? `input ${i}` : `input ${i} '${own}'`;
  });
  return { mode, elements, directions, step, tolerance, seed, held: new Set(held), inputNames, name, order };
}
