import { formatNumber } from '../../tensor/format.js';

/** A number in a few digits, typeset: a minus sign for the hyphen, and the sign of infinity. */
export const typesetNumber = (x: number, digits?: number): string =>
  formatNumber(x, digits).replaceAll('-', '−').replace('Infinity', '∞');
