import { sample } from '../sample.mjs';
import { tensorflow } from './backend.mjs';

const { ops, elements, seconds, backend } = JSON.parse(process.argv[2]);
const tf = await tensorflow(backend);
const x = tf.tensor1d(Float32Array.from({ length: elements }, (_, i) => i / elements));
const a = tf.fill([elements], 0.999);
const b = tf.fill([elements], 0.001);
const chain = (start) => {
  let y = start;
  for (let i = 0; i < ops; i += 2) y = tf.add(tf.mul(y, a), b);
  return tf.sum(y);
};
const gradient = tf.grad(chain);
const forward = await sample(() => {
  tf.tidy(() => {
    chain(x);
  });
}, seconds);
const both = await sample(() => {
  tf.tidy(() => {
    gradient(x);
  });
}, seconds);
console.log(JSON.stringify([{ row: 'an op', values: { forward: forward / ops, seconds: both / ops } }]));
