import { copyModel } from '../../../study/copy-model.js';
import {
  type ErrorCurve,
  errorCurvePoints,
  type Probe,
  type ProbedTerm,
  type ProbeEntry,
  probeParts,
} from '../../../study/probe/index.js';
import type { Shape } from '../../../tensor/shape.js';
import { Tensor } from '../../../tensor/tensor.js';
import { innerNodes } from '../../../vae/objective-by.js';
import type { VAE } from '../../../vae/vae.js';
import { type Lab, sessionOf } from '../lab.js';
import type { Session } from '../session.js';

/** Examples of the batch that a check is made with: each element takes two passes of them in float64. */
const EXAMPLES = 4;
/** Elements that are chosen, beside the one that was asked for. */
const CHOSEN = 12;

/** The model in float64, and the first examples and noise of the step to come. */
interface Point {
  readonly at: number;
  readonly vae: VAE;
  readonly x: Tensor;
  readonly epsilon: Tensor;
}

const points = new WeakMap<Session, Point>();

/** The first rows of a [batch, n] tensor in float64. */
function firstRows(t: Tensor): Tensor {
  const rows = Math.min(EXAMPLES, t.shape[0]);
  return new Tensor(Float64Array.from(t.data.subarray(0, rows * t.shape[1])), [rows, t.shape[1]]);
}

function pointOf(session: Session): Point {
  const known = points.get(session);
  if (known?.at === session.at) return known;
  const { x, epsilon } = session.trainer.peek();
  const vae = copyModel(session.vae, 'float64');
  const point = { at: session.at, vae, x: firstRows(x), epsilon: firstRows(epsilon) };
  points.set(session, point);
  return point;
}

/** Something that can be differentiated by. */
export interface CheckTarget {
  readonly name: string;
  readonly shape: Shape;
}

export interface CheckedGradient {
  readonly target: string;
  readonly term: ProbedTerm;
  readonly hold: boolean;
  /** Flat index of an element that must be among those looked at. */
  readonly element: number | null;
}

/** An element that this target does not have is not looked at. */
const elementOf = (element: number | null, size: number): number | null =>
  element !== null && element < size ? element : null;

function sizeOf({ vae, x, epsilon }: Point, target: string): number {
  const parameter = vae.namedParameters().get(target);
  return parameter?.size ?? (target === 'output' ? x.size : epsilon.size);
}

export const checkCalls = {
  /** The nodes of the trick and the parameters, with their shapes for the batch of a check. */
  checkTargets(lab: Lab, _: Record<string, never>): { nodes: CheckTarget[]; parameters: CheckTarget[] } {
    const { vae, train } = sessionOf(lab);
    const shapeOf = (name: string): Shape => [
      EXAMPLES,
      name === 'output' ? train.features : vae.config.latent,
    ];
    return {
      nodes: innerNodes.map((name) => ({ name, shape: shapeOf(name) })),
      parameters: [...vae.namedParameters()].map(([name, { shape }]) => ({ name, shape })),
    };
  },

  /** Checks one gradient, an element at a time. */
  *checkProbe(
    lab: Lab,
    { target, term, hold, element, step }: CheckedGradient & { step: number },
  ): Generator<number, Probe & { at: number }> {
    const session = sessionOf(lab);
    const point = pointOf(session);
    yield 0;
    const { beta, seed } = session.settings;
    const asked = elementOf(element, sizeOf(point, target));
    const parts = probeParts(point.vae, point.x, point.epsilon, target, {
      term,
      beta,
      seed,
      step,
      holdEpsilon: hold,
      elements: asked === null ? [] : [asked],
      count: CHOSEN,
    });
    let done = 0;
    let next = parts.next();
    for (; next.done !== true; next = parts.next()) yield ++done;
    return { ...next.value, at: point.at };
  },

  /** The error against the step, a step at a time. */
  *checkCurve(
    lab: Lab,
    { target, term, hold, element }: CheckedGradient,
  ): Generator<ProbeEntry, ErrorCurve & { at: number }> {
    const session = sessionOf(lab);
    const point = pointOf(session);
    const { beta, seed } = session.settings;
    const asked = elementOf(element, sizeOf(point, target));
    const curve = yield* errorCurvePoints(point.vae, point.x, point.epsilon, target, {
      term,
      beta,
      seed,
      holdEpsilon: hold,
      ...(asked !== null && { element: asked }),
    });
    return { ...curve, at: point.at };
  },
};
