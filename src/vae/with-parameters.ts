import type { Module } from '../nn/module.js';
import { ShapeError } from '../tensor/errors.js';
import { formatShape, sameShape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';

/** The module that holds the parameter `name` as a field of its own, and that field. */
function placeOf(module: Module, name: string): { owner: Module; field: string } {
  for (const [prefix, child] of module.namedChildren()) {
    if (name.startsWith(`${prefix}.`)) return placeOf(child, name.slice(prefix.length + 1));
  }
  return { owner: module, field: name };
}

/**
 * Runs `f` with other tensors in the place of some parameters, and puts the parameters back, also when `f` throws:
 * so a model becomes a function of its parameters, to be differentiated or evaluated at displaced ones
 * (`torch.func.functional_call` in PyTorch). The parameters' own values are never written to.
 * @param replacements by the names of `module.namedParameters()`, of the same shapes.
 * @throws RangeError for a name the module does not have; ShapeError for another shape.
 */
export function withParameters<T>(module: Module, replacements: ReadonlyMap<string, Tensor>, f: () => T): T {
  const places = [...replacements].map(([name, replacement]) => {
    const { owner, field } = placeOf(module, name);
    const parameter: unknown = Reflect.get(owner, field);
    if (!(parameter instanceof Tensor)) {
      const names = [...module.namedParameters().keys()].join(', ');
      throw new RangeError(`withParameters: no parameter is named '${name}'; there are ${names}`);
    }
    if (!sameShape(parameter.shape, replacement.shape)) {
      throw new ShapeError(
        `withParameters: '${name}' has shape ${formatShape(parameter.shape)}, not ${formatShape(replacement.shape)}`,
      );
    }
    return { owner, field, parameter, replacement };
  });
  try {
    for (const { owner, field, replacement } of places) Reflect.set(owner, field, replacement);
    return f();
  } finally {
    for (const { owner, field, parameter } of places) Reflect.set(owner, field, parameter);
  }
}
