import { initialWeights, layersOf, runEpochs } from '../epoch.mjs';
import { tensorflow } from './backend.mjs';

const settings = JSON.parse(process.argv[2]);
const tf = await tensorflow(settings.backend);

const dense = ([inputs, outputs]) => {
  const { weight, bias } = initialWeights(inputs, outputs);
  return {
    weight: tf.variable(tf.tensor2d(weight, [inputs, outputs])),
    bias: tf.variable(tf.tensor1d(bias)),
  };
};
const apply = ({ weight, bias }, x) => tf.add(tf.matMul(x, weight), bias);

await runEpochs(settings, (model, features) => {
  const layers = layersOf(model, features);
  const encoder = layers.encoder.map(dense);
  const [toMean, toLogvar] = [dense(layers.mean), dense(layers.logvar)];
  const decoder = layers.decoder.map(dense);
  const adam = tf.train.adam(1e-3);

  const loss = (x, epsilon, size) => {
    let h = x;
    for (const layer of encoder) h = tf.relu(apply(layer, h));
    const [mean, logvar] = [apply(toMean, h), apply(toLogvar, h)];
    let y = tf.add(mean, tf.mul(tf.exp(tf.mul(logvar, 0.5)), epsilon));
    for (const [i, layer] of decoder.entries()) {
      y = apply(layer, y);
      if (i < decoder.length - 1) y = tf.relu(y);
    }
    // softplus(y) - x y is the cross-entropy, written so that no exponential overflows.
    const reconstruction =
      model.likelihood === 'gaussian'
        ? tf.sum(tf.square(tf.sub(tf.sigmoid(y), x)))
        : tf.sum(tf.add(tf.sub(tf.relu(y), tf.mul(x, y)), tf.log1p(tf.exp(tf.neg(tf.abs(y))))));
    const kl = tf.mul(tf.sum(tf.sub(tf.sub(tf.add(logvar, 1), tf.square(mean)), tf.exp(logvar))), -0.5);
    return tf.div(tf.add(reconstruction, kl), size);
  };

  return (x, epsilon, size) =>
    tf.tidy(() => {
      const input = tf.tensor2d(x, [size, features]);
      const noise = tf.tensor2d(epsilon, [size, model.latent]);
      return adam.minimize(() => loss(input, noise, size), true).dataSync()[0];
    });
});
