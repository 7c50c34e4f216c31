/** How the gradient passes through the reparameterization trick, in twenty lines. */
import { backward, formatGraph, graphOf, reparameterizeComposed, square, sum, tensor, variable } from 'pathwise';

const mean = variable(tensor([0.5, -1]), 'mean');
const logvar = variable(tensor([0, 2 * Math.log(2)]), 'logvar'); // sigma = 1 and 2
const epsilon = tensor([1.5, -0.5]).named('epsilon'); // the noise is an input, so it can be held fixed

const z = reparameterizeComposed(mean, logvar, epsilon);
const loss = sum(square(z)).named('loss');
const gradients = backward(loss);
console.log(formatGraph(graphOf(loss, gradients)));

// By hand: dz/dmean = 1 and dz/dlogvar = epsilon exp(logvar / 2) / 2, so
const byHand = (i: number) => (gradients.get(z).at(i) * epsilon.at(i) * Math.exp(logvar.at(i) / 2)) / 2;
console.log('dL/dmean   =', gradients.get(mean).toArray(), '= dL/dz =', gradients.get(z).toArray());
console.log('dL/dlogvar =', gradients.get(logvar).toArray(), '= by hand', [byHand(0), byHand(1)]);
