import { checkDType, type DType } from '../../tensor/dtype.js';
import { defineOp } from '../define-op.js';
import type { OpFunction } from '../op.js';
import { same } from '../shape-rules.js';

/** The dtype to convert to. */
export interface CastOptions {
  readonly dtype: DType;
}

/**
 * The elements of x as another dtype: rounded to the nearest float32, or as they are in float64. The gradient is cast back.
 * @example cast(x, { dtype: 'float64' })
 * @throws DTypeError for a dtype that does not exist.
 */
export const cast: OpFunction<1, CastOptions> = defineOp({
  name: 'cast',
  doc: 'x as another dtype; the gradient is cast back.',
  arity: 1,
  options: ['dtype'],
  attributes: (given: CastOptions | undefined, _, name) => {
    checkDType(given?.dtype, name);
    return { dtype: given?.dtype ?? 'float32' };
  },
  shape: same,
  dtype: ({ dtype }) => dtype,
  forward: (out, [x]) => out.data.set(x.data),
  saves: [],
  vjp: [(g, { dtype }) => cast(g, { dtype })],
  domain: { cases: [{ shapes: 'any', attributes: { dtype: 'float64' } }] },
});
