import { noGrad } from '../../autograd/index.js';
import { Random } from '../../autograd/ops/random.js';
import type { Values } from '../../nn/schema/index.js';
import { normal } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { LatentVariableModel } from '../../vae/model.js';
import { objectiveBy } from '../../vae/objective-by.js';
import type { ProbedTerm, subjectSchema } from './options.js';

/** One term of the objective as a function of one tensor, in float64. */
export interface Subject {
  /** The node or parameter. */
  readonly name: string;
  readonly term: ProbedTerm;
  /** The tensor's value at the point. */
  readonly at: Tensor;
  /** The function with epsilon held, whose derivative the gradient is. */
  readonly held: (t: Tensor) => Tensor;
  /** The function that the finite difference evaluates: the same, or with a new epsilon at each evaluation. */
  readonly evaluated: (t: Tensor) => Tensor;
  /** Two evaluations at the point: if they differ, there is nothing to differentiate. */
  readonly twice: readonly [number, number];
}

/**
 * @param x [batch, features]
 * @param epsilon [batch, latent]
 * @param target one of {@link innerNodes}, or the name of a parameter
 * @throws RangeError when there is no such target; ShapeError when shapes do not fit.
 */
export function subjectOf(
  given: LatentVariableModel,
  x: Tensor,
  epsilon: Tensor,
  target: string,
  { term, beta, holdEpsilon, seed }: Values<typeof subjectSchema>,
): Subject {
  const vae = given.dtype === 'float64' ? given : given.copy('float64');
  const stream = new Random(seed).stream('probe/epsilon');
  const redraw = (): Tensor => normal(epsilon.shape, stream, { dtype: 'float64' });
  const point = { vae, x: x.to('float64'), epsilon: epsilon.to('float64'), options: { beta } };
  const { at, objective } = objectiveBy(target, point);
  const held = (t: Tensor): Tensor => objective(t)[term];
  const moving = holdEpsilon ? objective : objectiveBy(target, { ...point, redraw }).objective;
  const evaluated = (t: Tensor): Tensor => moving(t)[term];
  const value = (): number => noGrad(() => evaluated(at).item());
  return { name: target, term, at, held, evaluated, twice: [value(), value()] };
}
