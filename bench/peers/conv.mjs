import { gaussian, sample } from './sample.mjs';

const KERNEL = 3;

/**
 * Measures layers and prints the readings. `make(layer, data)` returns a function for each pass, or leaves one out that the library
 * does not have: it is reported as such, and so is one that throws.
 */
export async function runLayers({ layers, batch, whole, seconds }, make) {
  const readings = [];
  for (const layer of layers) {
    const { transposed, inputs, outputs, size, stride } = layer;
    const out = transposed ? size * stride : Math.ceil(size / stride);
    const calls = await make(layer, {
      batch,
      out,
      kernel: KERNEL,
      x: gaussian(batch * inputs * size * size),
      g: gaussian(batch * outputs * out * out),
      weight: gaussian(inputs * outputs * KERNEL * KERNEL),
    });
    for (const pass of ['forward', 'input gradient', 'weight gradient']) {
      const row = `${transposed ? 'convT' : 'conv'} ${inputs}->${outputs}, ${size}x${size} / ${stride}, ${pass}`;
      try {
        if (calls[pass] === undefined) throw new Error('there is no such op');
        const scaled = ((await sample(calls[pass], seconds)) * whole) / batch;
        const note = batch === whole ? {} : { note: `${batch} of ${whole} images` };
        readings.push({ row, ...note, values: { seconds: scaled } });
      } catch (error) {
        console.error(`${row}: ${error.message}`);
        readings.push({ row, note: 'cannot', values: {} });
      }
    }
  }
  console.log(JSON.stringify(readings));
}
