import { Module } from '../../nn/module.js';
import type { DType } from '../../tensor/dtype.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type DefinePart, type PartContext, Registry } from './registry.js';

/** One label for each example, where a model is conditioned on them. */
export type Labels = ArrayLike<number>;

/** What encoder and decoder are told of an example beside x and z: then the model is of p(x | y). */
export abstract class Condition extends Module {
  abstract readonly name: string;
  /** Numbers that it adds to what encoder and decoder take. */
  abstract readonly width: number;

  /**
   * @param labels one per example
   * @returns [labels.length, width]
   * @throws RangeError for a label that there is not.
   */
  abstract forward(labels: Labels, dtype: DType): Tensor;
}

export const conditions = new Registry<PartContext, Condition>('condition', 'defineCondition');

/** Registers a condition, which specifications and checkpoints can then name. @throws Error when its name is taken. */
// @__NO_SIDE_EFFECTS__
export const defineCondition: DefinePart<PartContext, Condition> = (definition) => conditions.add(definition);
