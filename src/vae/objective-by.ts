import { add, exp, mul, noGrad, sub } from '../autograd/index.js';
import { withParameters } from '../nn/with-parameters.js';
import { quote } from '../tensor/describe.js';
import { ShapeError } from '../tensor/errors.js';
import { formatShape, sameShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { encode } from './explore.js';
import type { LatentVariableModel, VAEOutput } from './model.js';
import { type Objective, type ObjectiveOptions, objective, objectiveOf } from './objective.js';
import { reparameterize, standardDeviation } from './reparameterize.js';

/** The inner values of a VAE that its objective can be differentiated by, in the order in which they are computed. */
export const innerNodes = [
  'mean',
  'logvar',
  'logvar / 2',
  'sigma',
  'epsilon',
  'sigma * epsilon',
  'z',
  'output',
] as const;

/** One of {@link innerNodes}. */
export type InnerNode = (typeof innerNodes)[number];

/** A model and a batch at which the objective is looked at. */
export interface ObjectivePoint {
  readonly vae: LatentVariableModel;
  /** [batch, features] */
  readonly x: Tensor;
  /** [batch, latent] */
  readonly epsilon: Tensor;
  readonly options?: ObjectiveOptions;
  /**
   * Draws epsilon anew for each evaluation: then the objective is no function of its argument any more, and a finite
   * difference of it is noise. Without it epsilon is held.
   */
  readonly redraw?: () => Tensor;
}

/** The objective as a function of one tensor, everything else held. */
export interface ObjectiveBy {
  readonly name: string;
  /** The value of the tensor at the point. */
  readonly at: Tensor;
  readonly objective: (t: Tensor) => Objective;
}

/** How an inner node comes about, and what becomes of it. */
interface Place {
  readonly value: (epsilon: Tensor) => Tensor;
  /** The pass with `t` in place of the node. */
  readonly rest: (t: Tensor, epsilon: Tensor) => VAEOutput;
}

function places({ vae, x, epsilon, options }: ObjectivePoint): Readonly<Record<InnerNode, Place>> {
  const { labels } = options ?? {};
  if (!vae.posterior.diagonal) {
    throw new TypeError(
      `objectiveBy: the inner nodes are those of a diagonal Gaussian, but the posterior is '${vae.posterior.name}'`,
    );
  }
  // Without recording: what is held is plain data, and no gradient flows to where it came from.
  const { mean, logvar } = encode(vae, x, labels);
  if (!sameShape(epsilon.shape, mean.shape)) {
    throw new ShapeError(
      `objectiveBy: epsilon is ${formatShape(epsilon.shape)}; it must be ${formatShape(mean.shape)}, [batch, latent]`,
    );
  }
  const sigma = noGrad(() => standardDeviation(logvar));
  const sample = (epsilon: Tensor): Tensor => reparameterize(mean, logvar, epsilon);
  const from = (z: Tensor, m = mean, l = logvar): VAEOutput => ({
    mean: m,
    logvar: l,
    z,
    output: vae.decode(z, labels),
  });
  return {
    mean: { value: () => mean, rest: (t, epsilon) => from(reparameterize(t, logvar, epsilon), t) },
    logvar: { value: () => logvar, rest: (t, epsilon) => from(reparameterize(mean, t, epsilon), mean, t) },
    'logvar / 2': {
      value: () => mul(logvar, 0.5),
      rest: (t, epsilon) => from(add(mean, mul(exp(t), epsilon))),
    },
    sigma: { value: () => sigma, rest: (t, epsilon) => from(add(mean, mul(t, epsilon))) },
    epsilon: { value: (epsilon) => epsilon, rest: (t) => from(sample(t)) },
    'sigma * epsilon': { value: (epsilon) => mul(sigma, epsilon), rest: (t) => from(add(mean, t)) },
    z: { value: sample, rest: (t) => from(t) },
    output: {
      value: (epsilon) => vae.decode(sample(epsilon), labels),
      rest: (t, epsilon) => ({ mean, logvar, z: sample(epsilon), output: t }),
    },
  };
}

const isInner = (name: string): name is InnerNode => innerNodes.some((node) => node === name);

/**
 * The objective, in evaluation mode, as a function of an inner node or a parameter: what a finite difference evaluates, and what the gradient
 * is the derivative of. Putting another value in place of a node leaves what comes before it as it is: logvar moves
 * the KL and z, sigma moves z alone.
 * @param name one of {@link innerNodes}, or the name of a parameter.
 * @throws RangeError when there is no such node or parameter; ShapeError when x or epsilon does not fit.
 */
export function objectiveBy(name: string, point: ObjectivePoint): ObjectiveBy {
  const { vae, x, epsilon, options, redraw } = point;
  const parameters = vae.namedParameters();
  // Plain data: nothing is recorded, nor differentiated, but what depends on the one tensor.
  const held = new Map([...parameters].map(([parameter, t]) => [parameter, t.detach()]));
  const inPlace = (parameters: ReadonlyMap<string, Tensor>, f: () => Objective): Objective =>
    withParameters(vae, parameters, () => vae.evaluating(f));
  if (!isInner(name)) {
    const at = held.get(name);
    if (at === undefined) {
      const known = [...innerNodes, ...parameters.keys()].map((known) => `'${known}'`).join(', ');
      throw new RangeError(`there is no node or parameter ${quote(name)}; there are ${known}`);
    }
    return {
      name,
      at,
      objective: (t) =>
        inPlace(new Map([...held, [name, t]]), () => objective(vae, x, redraw?.() ?? epsilon, options)),
    };
  }
  const { value, rest } = places(point)[name];
  const valueAt = (epsilon: Tensor): Tensor => noGrad(() => vae.evaluating(() => value(epsilon)));
  const at = valueAt(epsilon).clone();
  const passFrom = (t: Tensor): VAEOutput => {
    if (redraw === undefined) return rest(t, epsilon);
    // The displacement is added to what the node has become with the new noise.
    const drawn = redraw();
    return rest(add(valueAt(drawn), sub(t, at)), drawn);
  };
  return {
    name,
    at,
    objective: (t) => inPlace(held, () => objectiveOf(vae, x, passFrom(t), options)),
  };
}
