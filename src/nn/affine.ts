import { variable } from '../autograd/variable.js';
import type { DType } from '../tensor/dtype.js';
import type { Shape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';

/** A tensor of one value that lives as long as its module. */
export function filled(shape: Shape, value: number, dtype: DType): Tensor {
  const values = Tensor.persistent(shape, dtype);
  values.data.fill(value);
  return values;
}

/** The scale and shift of a normalizing layer, at first 1 and 0; null where they are not learned. */
export const affineParameters = (
  learned: boolean,
  shape: Shape,
  dtype: DType,
): { readonly weight: Tensor | null; readonly bias: Tensor | null } => ({
  weight: learned ? variable(filled(shape, 1, dtype), 'weight') : null,
  bias: learned ? variable(filled(shape, 0, dtype), 'bias') : null,
});
