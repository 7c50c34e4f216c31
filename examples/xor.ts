/** A small network learns exclusive or, which no straight line can separate. */
import { backward, noGrad, Random, sigmoid, tensor } from 'pathwise';
import { Adam, binaryCrossEntropyWithLogits, Dense, Sequential, Tanh } from 'pathwise/nn';

const x = tensor([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);
const y = tensor([[0], [1], [1], [0]]);

const stream = new Random(0).stream('init');
const model = new Sequential(
  new Dense({ inputs: 2, outputs: 8, stream }),
  new Tanh(),
  new Dense({ inputs: 8, outputs: 1, stream }),
);
const adam = new Adam(model.namedParameters(), { learningRate: 0.05 });

for (let step = 0; step <= 300; step++) {
  const loss = binaryCrossEntropyWithLogits(model.forward(x), y);
  adam.step(backward(loss));
  if (step % 100 === 0) console.log(`step ${step}: loss ${loss.item().toFixed(4)} nats`);
}
const answers = noGrad(() => sigmoid(model.forward(x)));
console.log(`0^0, 0^1, 1^0, 1^1 = ${Array.from(answers.data, (p) => Math.round(p)).join(', ')}`);
