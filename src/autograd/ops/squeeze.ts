import { ShapeError } from '../../tensor/errors.js';
import { checkOptions } from '../../tensor/known-options.js';
import { formatShape, normalizeAxes } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type AxesOptions, givenAxes, resolveAxes } from './axes.js';
import { reshape } from './shape.js';

const KNOWN = ['axes', 'axis'];

/**
 * x without dimensions of size 1: those that `axes` name, or all of them. It is a reshape.
 * @example squeeze(x, { axis: 1 }) // [m, 1, n] gives [m, n]
 * @throws ShapeError for an axis out of range, given twice, or of another size than 1.
 */
export function squeeze(x: Tensor, options: AxesOptions = {}): Tensor {
  checkOptions(options, KNOWN, 'squeeze');
  const ones = x.shape.flatMap((n, d) => (n === 1 ? [d] : []));
  const axes = resolveAxes(options, x.rank, 'squeeze', ones);
  const wrong = axes.find((d) => x.shape[d] !== 1);
  if (wrong !== undefined) {
    throw new ShapeError(
      `squeeze: axis ${wrong} of ${formatShape(x.shape)} has size ${x.shape[wrong]}; only a size of 1 can be left out`,
    );
  }
  return reshape(x, { shape: x.shape.filter((_, d) => !axes.includes(d)) });
}

/**
 * x with new dimensions of size 1, at the places that they have in the result; negative ones count from its end. It is a
 * reshape.
 * @example expandDims(x, { axis: -1 }) // [m, n] gives [m, n, 1]
 * @throws ShapeError for an axis out of range or given twice, or when none is given.
 */
export function expandDims(x: Tensor, options: AxesOptions): Tensor {
  checkOptions(options, KNOWN, 'expandDims');
  const given = givenAxes(options, 'expandDims');
  if (given === undefined)
    throw new ShapeError('expandDims: needs an axis, as in expandDims(x, { axis: 0 })');
  const rank = x.rank + [given].flat().length;
  const axes = normalizeAxes(given, rank, 'expandDims');
  const sizes = x.shape.values();
  const shape = Array.from({ length: rank }, (_, d) => (axes.includes(d) ? 1 : (sizes.next().value ?? 1)));
  return reshape(x, { shape });
}
