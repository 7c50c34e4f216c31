import { backward, type Gradients, matmul, mul, reshape } from '../../autograd/index.js';
import { Dense } from '../../nn/dense.js';
import { Sequential } from '../../nn/sequential.js';
import { scope } from '../../tensor/memory/scope.js';
import { Tensor } from '../../tensor/tensor.js';
import type { LatentVariableModel } from '../../vae/model.js';
import { DiagonalGaussian } from '../../vae/parts/diagonal-gaussian.js';
import { softBound } from '../../vae/soft-bound.js';
import { GramMetric } from './metric.js';

/** A Dense layer with its inputs and outputs for the batch. */
interface Passed {
  readonly group: 'encoder' | 'mean head' | 'logvar head';
  readonly dense: Dense;
  /** [batch, inputs] */
  readonly input: Tensor;
  /** [batch, outputs], before the activation. */
  readonly output: Tensor;
}

/** Runs the encoder layer by layer to keep inner values. */
function encoderPass(
  vae: LatentVariableModel,
  x: Tensor,
): { layers: Passed[]; heads: readonly [Tensor, Tensor] } {
  const layers: Passed[] = [];
  const through = (group: Passed['group'], dense: Dense, input: Tensor): Tensor => {
    const output = dense.forward(input);
    layers.push({ group, dense, input, output });
    return output;
  };
  let h = x;
  const { encoder, posterior } = vae;
  if (!(encoder instanceof Sequential && posterior instanceof DiagonalGaussian)) {
    throw new TypeError(
      'encoderMetrics: the metric is worked out for an encoder of dense layers and a diagonal Gaussian posterior',
    );
  }
  for (const layer of encoder.layers) {
    h = layer instanceof Dense ? through('encoder', layer, h) : layer.forward(h);
  }
  return {
    layers,
    heads: [through('mean head', posterior.mean, h), softBound(through('logvar head', posterior.logvar, h))],
  };
}

/**
 * The gradient by a layer's output of each number of mean and logvar alone: [2 * batch * latent, outputs]. Examples do not mix, so one
 * backward pass for each latent dimension of each head is enough.
 */
function signalsAt(output: Tensor, passes: readonly Gradients[], batch: number, latent: number): Tensor {
  const width = output.shape[1];
  const signals = Tensor.empty([2 * batch * latent, width], output.dtype);
  passes.forEach((gradients, k) => {
    const [head, d] = [Math.floor(k / latent), k % latent];
    const g = gradients.find(output);
    for (let b = 0; g !== undefined && b < batch; b++) {
      const row = (head * batch + b) * latent + d;
      signals.data.set(g.data.subarray(b * width, (b + 1) * width), row * width);
    }
  });
  return signals;
}

/**
 * What one layer's weight and bias add to J J^T: (delta_r . delta_s) (a_b . a_c + 1) for rows r of example b and s of
 * example c, as the gradient of the weight is the outer product of delta and the layer's input a.
 */
function layerGram({ dense, input }: Passed, signals: Tensor, batch: number, latent: number): Tensor {
  const inner = matmul(input, input, { transposeB: true });
  const inputs = Tensor.empty([1, batch, 1, 1, batch, 1], input.dtype);
  for (let i = 0; i < inner.size; i++) inputs.data[i] = inner.data[i] + (dense.bias === null ? 0 : 1);
  const shape = [2, batch, latent, 2, batch, latent];
  return mul(reshape(matmul(signals, signals, { transposeB: true }), { shape }), inputs);
}

/**
 * The groups of the encoder's parameters, each with the Gram matrix of its Jacobian at this batch.
 * @param x [batch, features]
 */
export function encoderMetrics(vae: LatentVariableModel, x: Tensor): GramMetric[] {
  const [batch] = x.shape;
  const { latent } = vae;
  const rows = 2 * batch * latent;
  const groups = new Map<Passed['group'], { size: number; gram: Float64Array }>();
  scope(() => {
    const { layers, heads } = encoderPass(vae, x);
    const passes = heads.flatMap((head) =>
      Array.from({ length: latent }, (_, d) => {
        const cotangent = Tensor.empty([batch, latent], vae.dtype);
        for (let b = 0; b < batch; b++) cotangent.data[b * latent + d] = 1;
        return backward(head, { cotangent });
      }),
    );
    for (const passed of layers) {
      const signals = signalsAt(passed.output, passes, batch, latent);
      const { data } = layerGram(passed, signals, batch, latent);
      const group = groups.get(passed.group) ?? { size: 0, gram: new Float64Array(rows * rows) };
      for (let i = 0; i < data.length; i++) group.gram[i] += data[i];
      group.size += passed.dense.parameterCount;
      groups.set(passed.group, group);
    }
  });
  return [...groups].map(([name, { size, gram }]) => new GramMetric(name, size, gram));
}
