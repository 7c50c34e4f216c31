import { firstRows } from '../../../study/first-rows.js';
import { errorCurvePoints, probeParts } from '../../../study/probe/index.js';
import type { Shape } from '../../../tensor/shape.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { LatentVariableModel } from '../../../vae/model.js';
import { innerNodes } from '../../../vae/objective-by.js';
import { type Handlers, sessionOf } from '../lab.js';
import type { Session } from '../session.js';

/** Examples in a check: each element takes two passes of them in float64. */
const EXAMPLES = 4;
/** Elements chosen in addition to the requested one. */
const CHOSEN = 12;

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
  const vae = session.vae.copy('float64');
  const point = {
    at: session.at,
    vae,
    x: firstRows(x, EXAMPLES).to('float64'),
    epsilon: firstRows(epsilon, EXAMPLES).to('float64'),
  };
  points.set(session, point);
  return point;
}

/** null for an element that the target does not have. */
const elementOf = (element: number | null, size: number): number | null =>
  element !== null && element < size ? element : null;

function sizeOf({ vae, x, epsilon }: Point, target: string): number {
  const parameter = vae.namedParameters().get(target);
  return parameter?.size ?? (target === 'output' ? x.size : epsilon.size);
}

export const checkCalls = {
  checkTargets(lab) {
    const { vae, train } = sessionOf(lab);
    const shapeOf = (name: string): Shape => [EXAMPLES, name === 'output' ? train.features : vae.latent];
    return {
      nodes: innerNodes.map((name) => ({ name, shape: shapeOf(name) })),
      parameters: [...vae.namedParameters()].map(([name, { shape }]) => ({ name, shape })),
    };
  },

  *checkProbe(lab, { target, term, hold, element, step }) {
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

  *checkCurve(lab, { target, term, hold, element }) {
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
} satisfies Partial<Handlers>;
