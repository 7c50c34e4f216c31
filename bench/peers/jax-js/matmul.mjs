import { blockUntilReady, numpy as np } from '@jax-js/jax';
import { gaussian, sample } from '../sample.mjs';
import { startDevice } from './backend.mjs';

const { products, seconds, backend } = JSON.parse(process.argv[2]);
await startDevice(backend);
const readings = [];
for (const { m, k, n, transposeA } of products) {
  const left = transposeA ? [k, m] : [m, k];
  const a = np.array(gaussian(m * k)).reshape(left);
  const b = np.array(gaussian(k * n)).reshape([k, n]);
  const once = async () => {
    const product = np.matmul(transposeA ? a.ref.transpose() : a.ref, b.ref);
    await blockUntilReady(product);
    product.dispose();
  };
  readings.push({ row: `${m}x${k}x${n}`, values: { seconds: await sample(once, seconds) } });
  a.dispose();
  b.dispose();
}
console.log(JSON.stringify(readings));
