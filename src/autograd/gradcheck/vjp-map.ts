import { zeros } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { withRecording } from '../apply.js';
import { backward } from '../backward.js';
import { needsGradient } from '../node.js';
import { add } from '../ops/arithmetic.js';
import { variable } from '../variable.js';
import { type CheckedFunction, evaluate } from './evaluate.js';

/**
 * The map (inputs, cotangents) -> vector-Jacobian products of f: differentiating it again checks the derivative rules as
 * functions. The first `count` arguments are inputs of f, the others cotangents. An input that no gradient reaches, or that is
 * held, has a gradient of zero.
 */
export function vjpMap(f: CheckedFunction, count: number, held: ReadonlySet<number>): CheckedFunction {
  return (...all) => {
    const inputs = all.slice(0, count);
    const cotangents = all.slice(count);
    const createGraph = all.some(needsGradient);
    return withRecording(true, () => {
      const xs = inputs.map((x, k) => (held.has(k) || (createGraph && needsGradient(x)) ? x : variable(x)));
      const gradients: (Tensor | undefined)[] = xs.map(() => undefined);
      evaluate(f, xs).forEach((y, k) => {
        if (!needsGradient(y)) return;
        const found = backward(y, { cotangent: cotangents[k], createGraph });
        xs.forEach((x, i) => {
          const before = gradients[i];
          const here = found.find(x);
          if (here !== undefined) gradients[i] = before === undefined ? here : add(before, here);
        });
      });
      return xs.map((x, i) => gradients[i] ?? zeros(x.shape, { dtype: x.dtype }));
    });
  };
}
