import { broadcastShapes, type Shape } from '../tensor/shape.js';

/** Shape rule of elementwise ops of one input. */
export const same = ([x]: readonly Shape[]): Shape => x;

/** Shape rule of elementwise ops of several inputs. */
export function broadcast(shapes: readonly Shape[], _attributes: unknown, name: string): Shape {
  let shared = shapes[0];
  for (let i = 1; i < shapes.length; i++) shared = broadcastShapes(shared, shapes[i], name);
  return shared;
}

/** Cases of a domain: one shape of any kind for all inputs. */
export const anyShape = [{ shapes: 'any' }] as const;
/** Cases of a domain: shapes that broadcast together. */
export const broadcasting = [{ shapes: 'broadcast' }] as const;
