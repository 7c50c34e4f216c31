import { formatInk } from '../../shared/ink.js';

/** What stands in the field before anyone has drawn: a three. */
export const EXAMPLE = [
  [
    0.3, 0.26, 0.36, 0.19, 0.45, 0.155, 0.55, 0.16, 0.635, 0.205, 0.67, 0.285, 0.645, 0.375, 0.58, 0.435,
    0.47, 0.465, 0.58, 0.49, 0.665, 0.545, 0.71, 0.635, 0.685, 0.735, 0.615, 0.81, 0.51, 0.845, 0.4, 0.835,
    0.31, 0.775,
  ],
] as const;

/** The example as a question to the engine. */
export const EXAMPLE_INK = formatInk(EXAMPLE);
