import { blockUntilReady, grad, numpy as np } from '@jax-js/jax';
import { sample } from '../sample.mjs';
import { startDevice } from './backend.mjs';

const { ops, elements, seconds, backend } = JSON.parse(process.argv[2]);
await startDevice(backend);
const x = np.array(Float32Array.from({ length: elements }, (_, i) => i / elements));
const a = np.array(new Float32Array(elements).fill(0.999));
const b = np.array(new Float32Array(elements).fill(0.001));
// Without jit: it would make one kernel of the whole, and the suite is about the cost of an op.
const chain = (start) => {
  let y = start;
  for (let i = 0; i < ops; i += 2) y = y.mul(a.ref).add(b.ref);
  return y.sum();
};
const gradient = grad(chain);
const done = async (array) => {
  await blockUntilReady(array);
  array.dispose();
};
const forward = await sample(() => done(chain(x.ref)), seconds);
const both = await sample(() => done(gradient(x.ref)), seconds);
console.log(JSON.stringify([{ row: 'an op', values: { forward: forward / ops, seconds: both / ops } }]));
