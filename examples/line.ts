/** Fits a straight line to noisy points by gradient descent. */
import { add, backward, mul, normal, Random, tensor, uniform, variable } from 'pathwise';
import { Adam, squaredError } from 'pathwise/nn';

const random = new Random(1);
const x = uniform([64, 1], random.stream('data'), { low: -1, high: 1 });
const noise = normal([64, 1], random.stream('noise'), { std: 0.05 });
const y = add(add(mul(x, 3), -0.5), noise);

const slope = variable(tensor(0), 'slope');
const offset = variable(tensor(0), 'offset');
const adam = new Adam(
  new Map([
    ['slope', slope],
    ['offset', offset],
  ]),
  { learningRate: 0.1 },
);

for (let step = 0; step < 200; step++) {
  const prediction = add(mul(x, slope), offset);
  adam.step(backward(squaredError(prediction, y)));
}
console.log(`y = ${slope.item().toFixed(2)} x + ${offset.item().toFixed(2)}  (made from y = 3 x - 0.5)`);
