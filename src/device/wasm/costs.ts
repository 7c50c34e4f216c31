/**
 * What work costs, in one place. These numbers decide who does the work: the plain loops or a kernel, one thread or several.
 * They never change a bit, so a rough fit is enough; `npm run bench -- ops` shows what they were fitted to.
 */

/** Nanoseconds an element on one thread, beside loads and stores where a kernel counts those apart. */
export const NANOSECONDS = {
  /** A load or a store of a vector loop. */
  move: 0.2,
  /** A load or a store of an update in place. */
  moveInPlace: 0.15,
  /** One vector instruction or two. */
  simple: 0.1,
  /** A division, a square root, or a form with a few instructions. */
  division: 0.3,
  /** A function of a polynomial in float32, such as e^x. */
  exp: 2.2,
  /** A function in double arithmetic, such as e^x - 1. */
  double: 7,
  /** A multiplication and addition of a matrix product, of packed operands and of listed factors. */
  multiply: 0.05,
  multiplySparse: 0.15,
  /** The same of a weight's gradient whose operands are read where they stand, and to gather a number of a panel. */
  multiplySums: 0.075,
  multiplyDirect: 0.06,
  gather: 0.35,
  pack: 0.4,
  sum: 0.5,
  within: 0.25,
  squares: 0.35,
  bytes: 0.25,
  words: 2,
  uniform: 2.5,
  normal: 4,
  bernoulli: 2.5,
  bernoulliEach: 3,
  copyRun: 0.3,
  copySplat: 0.2,
  copySquare: 1,
  copySingle: 1,
} as const;

/** A normalization over rows: nanoseconds an element, and what each row costs besides. */
export const ROWS = {
  softmax: { element: 3, row: 30 },
  logSoftmax: { element: 3, row: 80 },
  logsumexp: { element: 2.7, row: 80 },
} as const;

/** Nanoseconds of work below which waking the other threads costs more than they save. */
export const WORTH_SHARING = 15_000;
/** The least work of a part, in nanoseconds: taking one has a cost too. */
export const WORTH_TAKING = 5_000;

/**
 * Elements below which a plain loop is as fast as a kernel, which takes 1.2 microseconds before its first element, and as
 * much again to copy operands and result. A plain loop takes 6 ns an element, 60 for a transcendental function. Several steps
 * in one pass pay sooner.
 */
export const MIN_SIZE = {
  simple: { inPlace: 160, copied: 320 },
  costly: { inPlace: 16, copied: 32 },
  steps: { inPlace: 32, copied: 32 },
  overAxes: 16,
  copy: 256,
  gather: 64,
} as const;

/** Multiplications below which packing costs more than it saves: the plain product is faster. */
export const MIN_MULTIPLICATIONS = 4096;
