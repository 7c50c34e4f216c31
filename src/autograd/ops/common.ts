import { map2 } from '../../tensor/kernels/elementwise.js';
import { broadcastShapes, type Shape } from '../../tensor/shape.js';
import { Tensor } from '../../tensor/tensor.js';

/** Shape rule of elementwise ops of one input. */
export const same = ([x]: readonly Shape[]): Shape => x;

/** Shape rule of elementwise ops of several inputs. */
export const broadcast = (shapes: readonly Shape[], _attributes: unknown, name: string): Shape =>
  shapes.reduce((a, b) => broadcastShapes(a, b, name));

export const anyShape = [{ shapes: 'any' }] as const;
export const broadcasting = [{ shapes: 'broadcast' }] as const;

/**
 * f(a, b), elementwise with broadcasting, as plain data: for the piecewise constant factors in derivative rules
 * (masks), whose own derivative is zero wherever it exists.
 */
export function constant2(f: (a: number, b: number) => number, a: Tensor, b: Tensor): Tensor {
  const out = Tensor.empty(broadcastShapes(a.shape, b.shape, 'constant2'), a.dtype);
  map2(f)(out, [a, b], undefined);
  return out;
}

/** f(x), elementwise, as plain data; see {@link constant2}. */
export function constant1(f: (x: number) => number, x: Tensor): Tensor {
  const out = Tensor.unfilled(x.shape, x.dtype);
  const [from, to] = [x.data, out.data];
  for (let i = 0; i < to.length; i++) to[i] = f(from[i]);
  return out;
}
