import type { Module } from '../nn/module.js';
import { withParameters } from '../nn/with-parameters.js';
import type { Tensor } from '../tensor/tensor.js';

/** A function of a model with its parameters held: no gradient reaches them. The model must not change in the meantime. */
export function held(model: Module, f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  const parameters = new Map([...model.namedParameters()].map(([name, t]) => [name, t.detach()]));
  return (x) => withParameters(model, parameters, () => f(x));
}
