import { blockUntilReady, jit, lax, numpy as np, vjp } from '@jax-js/jax';
import { runLayers } from '../conv.mjs';
import { startDevice } from './backend.mjs';

const settings = JSON.parse(process.argv[2]);
await startDevice(settings.backend);

await runLayers(settings, ({ transposed, inputs, outputs, size, stride }, data) => {
  const { batch, out, kernel } = data;
  const x = np.array(data.x).reshape([batch, inputs, size, size]);
  const g = np.array(data.g).reshape([batch, outputs, out, out]);
  const weight = np.array(data.weight).reshape([outputs, inputs, kernel, kernel]);
  const both = (pair) => [pair, pair];
  // A transposed convolution is one of an image with zeros between its pixels.
  const layer = transposed
    ? (image, w) =>
        lax.convGeneralDilated(image, w, [1, 1], both([1, 1 + stride - 1]), {
          lhsDilation: both(stride),
        })
    : (image, w) =>
        lax.convGeneralDilated(image, w, both(stride), both([1, (out - 1) * stride + kernel - 1 - size]));
  const passes = {
    forward: jit(layer),
    'input gradient': jit((image, w, upstream) => vjp((i) => layer(i, w), [image])[1](upstream)[0]),
    'weight gradient': jit((image, w, upstream) => vjp((v) => layer(image, v), [w])[1](upstream)[0]),
  };
  // Every array is used up where it is passed; `.ref` keeps it for once more.
  const call = (pass) => async () => {
    const result =
      pass === 'forward' ? passes[pass](x.ref, weight.ref) : passes[pass](x.ref, weight.ref, g.ref);
    await blockUntilReady(result);
    result.dispose();
  };
  return Object.fromEntries(Object.keys(passes).map((pass) => [pass, call(pass)]));
});
