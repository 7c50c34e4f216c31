import { integer as integerSetting, number } from '../nn/schema/index.js';
import { parser } from './flags.js';

/** A parser of integers. Its error says what is allowed. */
export const integer = (min: number, max?: number): ((text: string) => number) =>
  parser(integerSetting({ min, max, help: '' }));

/** A parser of finite numbers of 0 or more, or above 0 with `positive`. */
export const real = ({ positive = false } = {}): ((text: string) => number) =>
  parser(number({ ...(positive ? { above: 0 } : { min: 0 }), help: '' }));
