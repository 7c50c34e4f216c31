import { quote } from '../tensor/describe.js';
import { ShapeError } from '../tensor/errors.js';
import { formatShape, sameShape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import type { Module } from './module.js';

/**
 * Runs `f` with other tensors in place of some parameters, and puts the parameters back, also when `f` throws:
 * so a model becomes a function of its parameters, to be differentiated or evaluated at displaced ones
 * (`torch.func.functional_call` in PyTorch). The parameters' own values are never written to.
 * @param replacements by the names of `module.namedParameters()`, of the same shapes.
 * @throws RangeError for a name the module does not have; ShapeError for another shape.
 */
export function withParameters<T>(module: Module, replacements: ReadonlyMap<string, Tensor>, f: () => T): T {
  const slots = new Map(module.slots().map((slot) => [slot.name, slot]));
  const places = [...replacements].map(([name, replacement]) => {
    const slot = slots.get(name);
    const parameter = slot?.value;
    if (!(slot && parameter instanceof Tensor)) {
      const names = [...module.namedParameters().keys()].join(', ');
      throw new RangeError(`withParameters: no parameter is named ${quote(name)}; there are ${names}`);
    }
    if (!sameShape(parameter.shape, replacement.shape)) {
      throw new ShapeError(
        `withParameters: ${quote(name)} has shape ${formatShape(parameter.shape)}, not ${formatShape(replacement.shape)}`,
      );
    }
    return { slot, parameter, replacement };
  });
  try {
    for (const { slot, replacement } of places) slot.set(replacement);
    return f();
  } finally {
    for (const { slot, parameter } of places) slot.set(parameter);
  }
}
