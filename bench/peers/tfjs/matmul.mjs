import { sample } from '../sample.mjs';
import { tensorflow } from './backend.mjs';

const { products, seconds, backend } = JSON.parse(process.argv[2]);
const tf = await tensorflow(backend);
const readings = [];
for (const { m, k, n, transposeA } of products) {
  const a = tf.randomNormal(transposeA ? [k, m] : [m, k]);
  const b = tf.randomNormal([k, n]);
  // The backends of this suite compute when they are called.
  const once = () => tf.matMul(a, b, transposeA).dispose();
  readings.push({ row: `${m}x${k}x${n}`, values: { seconds: await sample(once, seconds) } });
  a.dispose();
  b.dispose();
}
console.log(JSON.stringify(readings));
