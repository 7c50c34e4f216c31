/** How the gradient passes through the reparameterization trick, in twenty lines. */
import { backward, square, sum, tensor, variable } from 'pathwise';
import { formatGraph, graphOf } from 'pathwise/graph';
import { reparameterizeComposed } from 'pathwise/vae';

const mean = variable(tensor([0.5, -1]), 'mean');
const logvar = variable(tensor([0, 2 * Math.log(2)]), 'logvar'); // sigma = 1 and 2
const epsilon = tensor([1.5, -0.5]).named('epsilon'); // the noise is an input, so it can be held fixed

const z = reparameterizeComposed(mean, logvar, epsilon);
const loss = sum(square(z)).named('loss');
const gradients = backward(loss);
console.log(formatGraph(graphOf(loss, gradients)));

// By hand: dz/dmean = 1 and dz/dlogvar = epsilon exp(logvar / 2) / 2, so
const byHand = [0, 1].map((i) => (gradients.get(z).at(i) * epsilon.at(i) * Math.exp(logvar.at(i) / 2)) / 2);
const show = (values: ArrayLike<number>) => Array.from(values, (x) => x.toFixed(4)).join(', ');
console.log(
  `dL/dmean   = ${show(gradients.get(mean).data)}   by hand, dL/dz: ${show(gradients.get(z).data)}`,
);
console.log(`dL/dlogvar = ${show(gradients.get(logvar).data)}   by hand: ${show(byHand)}`);
