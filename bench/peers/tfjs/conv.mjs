import { runLayers } from '../conv.mjs';
import { tensorflow } from './backend.mjs';

const settings = JSON.parse(process.argv[2]);
const tf = await tensorflow(settings.backend);

await runLayers(settings, ({ transposed, inputs, outputs, size, stride }, data) => {
  const { batch, out, kernel } = data;
  // Channels come last here, in images and weights.
  const x = tf.tensor4d(data.x, [batch, size, size, inputs]);
  const g = tf.tensor4d(data.g, [batch, out, out, outputs]);
  const channels = transposed ? [outputs, inputs] : [inputs, outputs];
  const weight = tf.tensor4d(data.weight, [kernel, kernel, ...channels]);
  const conv = (image) => tf.conv2d(image, weight, stride, 'same');
  const convTransposed = (image, like) => tf.conv2dTranspose(image, weight, like.shape, stride, 'same');
  const [large, small] = transposed ? [g, x] : [x, g];
  const attributes = {
    strides: [stride, stride],
    pad: 'same',
    dataFormat: 'NHWC',
    filterShape: weight.shape,
  };
  const passes = {
    forward: () => (transposed ? convTransposed(x, g) : conv(x)),
    'input gradient': () => (transposed ? conv(g) : convTransposed(g, x)),
    'weight gradient': () =>
      tf.engine().runKernel('Conv2DBackpropFilter', { x: large, dy: small }, attributes),
  };
  return Object.fromEntries(
    Object.entries(passes).map(([pass, run]) => [
      pass,
      // The backends of this suite compute when they are called.
      () => tf.dispose(run()),
    ]),
  );
});
