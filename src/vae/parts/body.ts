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
