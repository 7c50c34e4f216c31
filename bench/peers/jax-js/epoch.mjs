import { blockUntilReady, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { initialWeights, layersOf, runEpochs } from '../epoch.mjs';
import { startDevice } from './backend.mjs';

const settings = JSON.parse(process.argv[2]);
await startDevice(settings.backend);

const [RATE, BETA1, BETA2, EPSILON] = [1e-3, 0.9, 0.999, 1e-8];

// Every array is used up where it is passed; `.ref` keeps it for once more.
const dense = ([inputs, outputs]) => {
  const { weight, bias } = initialWeights(inputs, outputs);
  return { weight: np.array(weight).reshape([inputs, outputs]), bias: np.array(bias) };
};
const apply = ({ weight, bias }, x) => np.matmul(x, weight).add(bias);

const lossOf = (likelihood, size) => (parameters, x, epsilon) => {
  const { encoder, decoder } = parameters;
  let h = x.ref;
  for (const layer of encoder) h = nn.relu(apply(layer, h));
  const mean = apply(parameters.mean, h.ref);
  const logvar = apply(parameters.logvar, h);
  let y = mean.ref.add(np.exp(logvar.ref.mul(0.5)).mul(epsilon));
  for (const [i, layer] of decoder.entries()) {
    y = apply(layer, y);
    if (i < decoder.length - 1) y = nn.relu(y);
  }
  const reconstruction =
    likelihood === 'gaussian'
      ? np.square(nn.sigmoid(y).sub(x)).sum()
      : nn.softplus(y.ref).sub(y.mul(x)).sum();
  const kl = logvar.ref.add(1).sub(np.square(mean)).sub(np.exp(logvar)).sum().mul(-0.5);
  return reconstruction.add(kl).mul(1 / size);
};

/** One training step as one compiled function: loss, gradients, Adam. */
const compile = (likelihood, size) =>
  jit((parameters, means, squares, correction1, correction2, x, epsilon) => {
    const [loss, gradients] = valueAndGrad(lossOf(likelihood, size))(tree.ref(parameters), x, epsilon);
    const newMeans = tree.map((m, g) => m.mul(BETA1).add(g.ref.mul(1 - BETA1)), means, gradients);
    const newSquares = tree.map((v, g) => v.mul(BETA2).add(np.square(g).mul(1 - BETA2)), squares, gradients);
    const update = (p, m, v) =>
      p.sub(
        m.ref
          .mul(RATE)
          .div(correction1.ref)
          .div(np.sqrt(v.ref.div(correction2.ref)).add(EPSILON)),
      );
    const updated = tree.map(update, parameters, newMeans, newSquares);
    correction1.dispose();
    correction2.dispose();
    return [loss, updated, newMeans, newSquares];
  });

await runEpochs(settings, (model, features) => {
  const layers = layersOf(model, features);
  let parameters = {
    encoder: layers.encoder.map(dense),
    mean: dense(layers.mean),
    logvar: dense(layers.logvar),
    decoder: layers.decoder.map(dense),
  };
  const zeros = () => tree.map((p) => np.zeros(p.shape), parameters);
  let [means, squares] = [zeros(), zeros()];
  let number = 0;
  const step = compile(model.likelihood, settings.batch);

  return async (x, epsilon, size) => {
    number++;
    const results = step(
      parameters,
      means,
      squares,
      np.array(new Float32Array([1 - BETA1 ** number])),
      np.array(new Float32Array([1 - BETA2 ** number])),
      np.array(x).reshape([size, features]),
      np.array(epsilon).reshape([size, model.latent]),
    );
    const [loss] = results;
    [, parameters, means, squares] = results;
    await blockUntilReady([parameters, means, squares]);
    return (await loss.data())[0];
  };
});
