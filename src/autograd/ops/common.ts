import { broadcastShapes, type Shape } from '../../tensor/shape.js';

/** Shape rule of elementwise ops of one input. */
export const same = ([x]: readonly Shape[]): Shape => x;

/** Shape rule of elementwise ops of several inputs. */
export const broadcast = (shapes: readonly Shape[], _attributes: unknown, name: string): Shape =>
  shapes.reduce((a, b) => broadcastShapes(a, b, name));

export const anyShape = [{ shapes: 'any' }] as const;
export const broadcasting = [{ shapes: 'broadcast' }] as const;
