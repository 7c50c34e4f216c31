import { add, backward, full, mul, sum, tensor, variable } from '../../src/index.js';
import { scoped } from '../engine.js';
import type { Reading } from '../protocol.js';
import { sample } from './sample.js';

export interface SmallSettings {
  /** Length of the chain; an even number. */
  readonly ops: number;
  readonly elements: number;
  readonly seconds: number;
}

/** A chain of products and sums, x a + b again and again, and the gradient of its sum with respect to x. */
export function measure({ ops, elements, seconds }: SmallSettings): Reading[] {
  const x = variable(tensor(Float32Array.from({ length: elements }, (_, i) => i / elements)), 'x');
  const a = full([elements], 0.999);
  const b = full([elements], 0.001);
  const chain = () => {
    let y = x;
    for (let i = 0; i < ops; i += 2) y = add(mul(y, a), b);
    return sum(y);
  };
  const forward = sample(() => {
    scoped(() => {
      chain();
    });
  }, seconds);
  const both = sample(() => {
    scoped(() => {
      backward(chain());
    });
  }, seconds);
  return [{ row: 'an op', values: { forward: forward / ops, seconds: both / ops } }];
}
