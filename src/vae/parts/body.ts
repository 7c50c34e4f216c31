import { broadcastTo, concat } from '../../autograd/index.js';
import type { Module } from '../../nn/module.js';
import type { Shape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type DefinePart, type PartContext, Registry } from './registry.js';

/** An encoder's layers, from data to features, or a decoder's, from codes to the parameters of p(x | z). */
export interface Body extends Module {
  /** Shape of what it takes of one example, the condition apart. */
  readonly takes: Shape;
  /** Numbers that it puts out for each example. */
  readonly outputs: number;
  /**
   * @param x [batch, ...takes]
   * @param condition [batch, width], where the model has one
   * @returns [batch, outputs], or more dimensions of as many numbers
   */
  forward(x: Tensor, condition?: Tensor): Tensor;
}

/**
 * What goes into a body and its condition, side by side.
 * @param x [..., batch, width]
 * @param condition [batch, width], if there is one
 */
export function beside(x: Tensor, condition: Tensor | undefined): Tensor {
  if (condition === undefined) return x;
  const wide =
    condition.rank === x.rank
      ? condition
      : broadcastTo(condition, { shape: [...x.shape.slice(0, -1), condition.shape[1]] });
  return concat([x, wide], { axis: -1 });
}

/** What the rest of the model asks of a body. */
export interface BodyContext extends PartContext {
  /** Numbers that the condition adds to what goes in; 0 where there is none. */
  readonly condition: number;
  /** Numbers that a decoder puts out, from a last linear layer; undefined for an encoder, which chooses them itself. */
  readonly outputs?: number | undefined;
}

export const bodies = new Registry<BodyContext, Body>('body', 'defineBody');

/** Registers a body, which specifications and checkpoints can then name. @throws Error when its name is taken. */
// @__NO_SIDE_EFFECTS__
export const defineBody: DefinePart<BodyContext, Body> = (definition) => bodies.add(definition);
