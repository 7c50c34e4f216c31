import { firstRows, firstSample } from '../../../study/first-rows.js';
import { errorCurvePoints, type Probe, type ProbedTerm, probeParts } from '../../../study/probe/index.js';
import type { Shape } from '../../../tensor/shape.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { LatentVariableModel } from '../../../vae/model.js';
import { innerNodes } from '../../../vae/objective-by.js';
import { type Lab, sessionOf } from '../lab.js';
import type { Session } from '../session.js';

/** Examples in a check: each element takes two passes of them in float64. */
const EXAMPLES = 4;
/** Elements chosen in addition to the requested one. */
const CHOSEN = 12;

/** The gradient to check. */
interface CheckedGradient {
  readonly target: string;
  readonly term: ProbedTerm;
  /** Whether epsilon stays the same in both evaluations of a difference. */
  readonly hold: boolean;
  /** Flat index of an element to include; ignored when the target has no such element. */
  readonly element: number | null;
}

/** The model in float64, and the first examples and noise of the next step. */
interface Point {
  readonly at: number;
  readonly vae: LatentVariableModel;
  readonly x: Tensor;
  readonly epsilon: Tensor;
}

const points = new WeakMap<Session, Point>();

function pointOf(session: Session): Point {
  const known = points.get(session);
  if (known?.at === session.at) return known;
  const { x, epsilon } = session.trainer.peek();
  const point = {
    at: session.at,
    vae: session.vae.copy('float64'),
    x: firstRows(x, EXAMPLES).to('float64'),
    epsilon: firstRows(firstSample(epsilon), EXAMPLES).to('float64'),
  };
  points.set(session, point);
  return point;
}

/** A gradient of the session at its point, and the requested element; null if the target has no such element. */
function subjectOf(lab: Lab, { target, term, hold, element }: CheckedGradient) {
  const session = sessionOf(lab);
  const point = pointOf(session);
  const { vae, x, epsilon } = point;
  const { beta, settings } = session;
  const size =
    vae.namedParameters().get(target)?.size ??
    (target === 'output' ? vae.features * vae.likelihood.outputs * EXAMPLES : epsilon.size);
  return {
    at: point.at,
    subject: [vae, x, epsilon, target] as const,
    options: { term, beta, seed: settings.seed, holdEpsilon: hold },
    asked: element !== null && element < size ? element : null,
  };
}

export const checkCalls = {
  /** The nodes of the trick and the parameters, with their shapes for the batch of a check. */
  checkTargets(lab: Lab) {
    const { vae } = sessionOf(lab);
    const shapeOf = (name: string): Shape => [
      EXAMPLES,
      name === 'output' ? vae.features * vae.likelihood.outputs : vae.latent,
    ];
    return {
      nodes: innerNodes.map((name) => ({ name, shape: shapeOf(name) })),
      parameters: [...vae.namedParameters()].map(([name, { shape }]) => ({ name, shape })),
    };
  },

  /** Checks one gradient, element by element; yields the number of elements done. */
  *checkProbe(
    lab: Lab,
    { step, ...gradient }: CheckedGradient & { step: number },
  ): Generator<number, Probe & { readonly at: number }> {
    const { at, subject, options, asked } = subjectOf(lab, gradient);
    yield 0;
    const elements = asked === null ? [] : [asked];
    const parts = probeParts(...subject, { ...options, step, elements, count: CHOSEN });
    let next = parts.next();
    for (let done = 1; next.done !== true; next = parts.next()) yield done++;
    return { ...next.value, at };
  },

  /** The error against the step, a step at a time. */
  *checkCurve(lab: Lab, gradient: CheckedGradient) {
    const { at, subject, options, asked } = subjectOf(lab, gradient);
    const curve = yield* errorCurvePoints(...subject, {
      ...options,
      ...(asked !== null && { element: asked }),
    });
    return { ...curve, at };
  },
};
