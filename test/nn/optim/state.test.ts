import { describe, expect, it } from 'vitest';
import { type Optimizer, StateError } from '../../../src/nn/index.js';
import { equal } from '../../../src/tensor/compare.js';
import { tensor } from '../../../src/tensor/create.js';
import { Random } from '../../../src/tensor/random/index.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import { type Parameters, randomGradients, randomParameters, source, variants } from './common.js';

const same = (a: ReadonlyMap<string, Tensor>, b: ReadonlyMap<string, Tensor>): boolean =>
  a.size === b.size && [...a].every(([name, t]) => equal(t, b.get(name) ?? t.to('float64')));

/** A run of `steps` steps with gradients that depend only on the step. */
function run(optimizer: Optimizer, parameters: Parameters, from: number, to: number): void {
  for (let step = from; step < to; step++) {
    optimizer.step(source(randomGradients(parameters, new Random(step).stream('gradient'))));
  }
}

describe.each(variants)('state of %s', (_, make) => {
  it.each(['float32', 'float64'] as const)('%s: an interrupted run continues bit for bit', (dtype) => {
    const fresh = () => randomParameters(new Random(1).stream('init'), dtype);
    const whole = fresh();
    const straight = make(whole);
    run(straight, whole, 0, 12);
    for (const at of [0, 1, 5]) {
      const first = fresh();
      const before = make(first);
      run(before, first, 0, at);
      const saved = before.state();
      run(before, first, at, at + 1);

      const second = fresh();
      run(make(second), second, 0, at);
      const after = make(second);
      run(after, second, 100, 103);
      const restored = fresh();
      run(make(restored), restored, 0, at);
      for (const [name, p] of second) p.data.set(restored.get(name)?.data ?? []);
      after.loadState(saved);
      run(after, second, at, 12);
      expect(same(second, whole)).toBe(true);
      expect(same(after.state(), straight.state())).toBe(true);
    }
  });
});

describe('Optimizer.state', () => {
  const names = (variant: number): string[] => {
    const parameters = randomParameters(new Random(1).stream('init'), 'float32');
    return [...variants[variant][1](parameters).state().keys()];
  };

  it("uses PyTorch's names", () => {
    expect(names(0)).toEqual(['layer.weight.step', 'layer.bias.step']);
    expect(names(1)).toEqual([
      'layer.weight.momentum_buffer',
      'layer.weight.step',
      'layer.bias.momentum_buffer',
      'layer.bias.step',
    ]);
    expect(names(4).slice(0, 4)).toEqual([
      'layer.weight.exp_avg',
      'layer.weight.exp_avg_sq',
      'layer.weight.max_exp_avg_sq',
      'layer.weight.step',
    ]);
  });

  it('refuses a state that does not fit, and then changes nothing', () => {
    const parameters = randomParameters(new Random(1).stream('init'), 'float32');
    const optimizer = variants[3][1](parameters);
    run(optimizer, parameters, 0, 3);
    const before = optimizer.state();
    const changed = (change: (state: Map<string, Tensor>) => void) => () => {
      const state = new Map(
        [...before].map(([name, t]) => [
          name,
          tensor(
            t.data.map((x) => x + 1),
            { shape: t.shape, dtype: t.dtype },
          ),
        ]),
      );
      change(state);
      optimizer.loadState(state);
    };
    expect(changed((s) => s.delete('layer.bias.exp_avg'))).toThrow(
      "Adam.loadState: the state does not fit; missing: 'layer.bias.exp_avg'",
    );
    expect(changed((s) => s.set('layer.bias.momentum_buffer', tensor([1])))).toThrow('unexpected');
    expect(changed((s) => s.set('layer.bias.exp_avg', tensor([1])))).toThrow(StateError);
    expect(changed((s) => s.delete('layer.bias.step'))).toThrow("missing: 'layer.bias.step'");
    expect(changed((s) => s.set('layer.bias.step', tensor([1.5, 1])))).toThrow(
      /the state does not fit; .*'layer.bias.step'.*\[2\]/,
    );
    for (const bad of [1.5, -1, Number.NaN]) {
      expect(changed((s) => s.set('layer.bias.step', tensor(bad)))).toThrow(
        `Adam.loadState: 'layer.bias.step' is ${bad}; it must be an integer from 0 on`,
      );
    }
    expect(same(optimizer.state(), before)).toBe(true);
  });

  it('is a copy', () => {
    const parameters = randomParameters(new Random(1).stream('init'), 'float32');
    const optimizer = variants[3][1](parameters);
    run(optimizer, parameters, 0, 2);
    for (const t of optimizer.state().values()) t.data.fill(9);
    expect([...optimizer.state().values()].some((t) => t.data.includes(9))).toBe(false);
  });

  it('names the first number that is not finite, of a parameter or of what is remembered', () => {
    const parameters = randomParameters(new Random(1).stream('init'), 'float32');
    const optimizer = variants[3][1](parameters);
    run(optimizer, parameters, 0, 2);
    expect(optimizer.findNotFinite()).toBeUndefined();
    const gradients = randomGradients(parameters, new Random(2).stream('gradient'));
    // Its square overflows.
    gradients.get([...parameters.values()][1])?.data.set([1e30], 1);
    optimizer.step(source(gradients));
    expect(optimizer.findNotFinite()).toBe('layer.bias.exp_avg_sq');
    parameters.get('layer.bias')?.data.set([Number.NaN], 2);
    expect(optimizer.findNotFinite()).toBe('layer.bias');
  });
});
