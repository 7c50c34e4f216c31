import { describe, expect, it } from 'vitest';
import { variable } from '../../../src/autograd/variable.js';
import { Adam, AdamW, type Optimizer, SGD } from '../../../src/nn/index.js';
import { tensor } from '../../../src/tensor/create.js';
import type { DType } from '../../../src/tensor/dtype.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import { agrees, type GoldenArray, loadGolden, type OptimizerRun } from '../../golden/load.js';

const golden = loadGolden('optimizers');

const toTensor = ({ data, shape }: GoldenArray, dtype: DType): Tensor =>
  tensor(Float64Array.from(data), { shape, dtype });

function makeOptimizer(run: OptimizerRun, parameters: ReadonlyMap<string, Tensor>): Optimizer {
  if (run.optimizer === 'SGD') {
    const { lr, momentum, dampening, weight_decay, nesterov } = run.hyper;
    return new SGD(parameters, {
      learningRate: lr,
      momentum,
      dampening,
      weightDecay: weight_decay,
      nesterov,
    });
  }
  const { lr, betas, eps, weight_decay, amsgrad } = run.hyper;
  const options = { learningRate: lr, betas, eps, weightDecay: weight_decay, amsgrad };
  return run.optimizer === 'Adam' ? new Adam(parameters, options) : new AdamW(parameters, options);
}

/** coefficient * tanh(parameter - target), the gradient that the file states. */
function gradientOf(name: 'W' | 'b', { data, shape, dtype }: Tensor): Tensor {
  const out = Tensor.empty(shape, dtype);
  const [coefficient, target] = [golden.coefficient[name].data, golden.target[name].data];
  for (let i = 0; i < out.size; i++) out.data[i] = coefficient[i] * Math.tanh(data[i] - target[i]);
  return out;
}

/** Follows a run, and compares every checkpoint. */
function follow(run: OptimizerRun, dtype: DType, rtol: number, atol: number): void {
  const W = variable(toTensor(golden.start.W, dtype));
  const b = variable(toTensor(golden.start.b, dtype));
  const optimizer = makeOptimizer(
    run,
    new Map([
      ['W', W],
      ['b', b],
    ]),
  );
  let step = 0;
  for (const checkpoint of run.checkpoints) {
    for (; step < checkpoint.step; step++) {
      const gradients = new Map([
        [W, gradientOf('W', W)],
        [b, gradientOf('b', b)],
      ]);
      optimizer.step({ find: (t) => gradients.get(t) });
    }
    for (const [name, parameter] of [
      ['W', W],
      ['b', b],
    ] as const) {
      const expected = checkpoint.parameters[name].data;
      const wrong = expected.findIndex((x, i) => !agrees(parameter.data[i], x, rtol, atol));
      const where = `${name}[${wrong}] after step ${checkpoint.step}`;
      expect(wrong < 0 ? '' : `${where}: ${parameter.data[wrong]}, not ${expected[wrong]}`).toBe('');
    }
  }
  expect(step).toBe(100);
}

describe("100 steps agree with PyTorch's", () => {
  it.each(golden.runs)('$name, float64', (run) => {
    follow(run, 'float64', 1e-12, 1e-14);
  });

  it.each(golden.runs)('$name, float32', (run) => {
    follow(run, 'float32', 1e-5, 1e-5);
  });

  it("the defaults are PyTorch's", () => {
    for (const [name, make] of [
      ['adam defaults', Adam],
      ['adamw defaults', AdamW],
    ] as const) {
      const run = golden.runs.find((r) => r.name === name);
      const W = variable(toTensor(golden.start.W, 'float64'));
      new make(new Map([['W', W]])).step({ find: () => gradientOf('W', W) });
      const expected = run?.checkpoints[0].parameters.W.data ?? [];
      expect(expected.length).toBe(W.size);
      expect(expected.every((x, i) => agrees(W.data[i], x, 1e-12, 1e-14))).toBe(true);
    }
  });
});
