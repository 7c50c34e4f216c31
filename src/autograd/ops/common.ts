import { type Kernel, map1, map2 } from '../../tensor/kernels/elementwise.js';
import { broadcastShapes, type Shape } from '../../tensor/shape.js';
import { Tensor } from '../../tensor/tensor.js';

/** Shape rule of elementwise ops of one input. */
export const same = ([x]: readonly Shape[]): Shape => x;

/** Shape rule of elementwise ops of several inputs. */
export function broadcast(shapes: readonly Shape[], _attributes: unknown, name: string): Shape {
  let shared = shapes[0];
  for (let i = 1; i < shapes.length; i++) shared = broadcastShapes(shared, shapes[i], name);
  return shared;
}

export const anyShape = [{ shapes: 'any' }] as const;
export const broadcasting = [{ shapes: 'broadcast' }] as const;

/** What an elementwise kernel gives, as plain data; {@link constant2} with a loop of its own. */
export function constant(kernel: Kernel, ...inputs: readonly Tensor[]): Tensor {
  const shapes = inputs.map((x) => x.shape);
  const out = Tensor.empty(broadcast(shapes, undefined, `constant${inputs.length}`), inputs[0].dtype);
  kernel(out, inputs, undefined);
  return out;
}

/**
 * f(a, b), elementwise with broadcasting, as plain data: for the piecewise constant factors in derivative rules
 * (masks), whose own derivative is zero wherever it exists.
 */
export const constant2 = (f: (a: number, b: number) => number, a: Tensor, b: Tensor): Tensor =>
  constant(map2(f), a, b);

/** f(x), elementwise, as plain data; see {@link constant2}. */
export const constant1 = (f: (x: number) => number, x: Tensor): Tensor => constant(map1(f), x);
