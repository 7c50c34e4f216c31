import {
  byOrigin,
  chooseEpsilon,
  explain,
  type Foldable,
  formulasOf,
  nodeAt,
  type Origin,
  parseEpsilon,
  shownNodes,
  type Walk,
  type WalkNode,
  walk,
} from '../../../study/index.js';
import { scope } from '../../../tensor/memory/scope.js';
import { stridesOf } from '../../../tensor/shape.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { elementAt, type NodeSummary, type Position, type WalkPicture } from '../../shared/walk.js';
import { type Lab, sessionOf } from '../lab.js';
import type { Session } from '../session.js';

interface Known {
  readonly number: number;
  readonly session: Session;
  readonly at: number;
  readonly epsilon: string;
  readonly found: Walk;
  /** Each node with what does not depend on the chosen element. */
  readonly nodes: readonly (Pick<NodeSummary, 'formulas' | 'magnitudes'> & { readonly node: WalkNode })[];
}

let known: Known | null = null;

/** The mean of |t|. */
function magnitudeOf(t: Tensor | null): number | null {
  if (t === null) return null;
  let total = 0;
  for (const x of t.data) total += Math.abs(x);
  return total / t.size;
}

/** The walk of the next step's batch with the chosen noise, cached. */
function walkOf(lab: Lab, epsilon: string): Known {
  const session = sessionOf(lab);
  const { at } = session;
  if (known?.session === session && known.at === at && known.epsilon === epsilon) return known;
  const choice = parseEpsilon(epsilon);
  const found = scope(() => {
    const { x, epsilon: own } = session.trainer.peek();
    const { seed, beta } = session.settings;
    return walk(session.vae, x, chooseEpsilon(own, choice, seed), { beta });
  });
  const nodes = [...found.nodes.values()].map((node) => ({
    node,
    formulas: formulasOf(found, node.id),
    magnitudes: byOrigin((origin) => magnitudeOf(node.gradient[origin])),
  }));
  known = { number: (known?.number ?? 0) + 1, session, at, epsilon, found, nodes };
  return known;
}

const elementIn = (t: Tensor, element: readonly number[]): number => {
  const strides = stridesOf(t.shape);
  return t.data[element.reduce((sum, index, d) => sum + index * strides[d], 0)];
};

function summaryOf(
  { node, formulas, magnitudes }: Known['nodes'][number],
  batch: number,
  position: Position,
): NodeSummary {
  const { id, label, group, role, op, doc, inputs, shape, value, gradient } = node;
  const element = elementAt(shape, batch, position);
  return {
    ...{ id, label, group, role, op, doc, inputs, shape, formulas, magnitudes, element },
    value: elementIn(value, element),
    gradient: byOrigin((origin) => {
      const t = gradient[origin];
      return t && elementIn(t, element);
    }),
  };
}

/** `epsilon` is the noise to use, as the address holds it. Answers of one walk, told by its number, belong together. */
export const walkCalls = {
  /** The picture of the next step's batch. @throws RangeError when `epsilon` cannot be read. */
  walkOpen(
    lab: Lab,
    { epsilon, unfolded, position }: { epsilon: string; unfolded: readonly Foldable[]; position: Position },
  ): WalkPicture {
    const { found, at, number, nodes } = walkOf(lab, epsilon);
    const shown = shownNodes(found, new Set(unfolded)).map(({ node, inputs }) => ({ id: node.id, inputs }));
    const drawn = new Set(shown.map(({ id }) => id));
    return {
      walk: number,
      at,
      batch: found.batch,
      latent: found.latent,
      beta: found.beta,
      nodes: nodes.map((known) => summaryOf(known, found.batch, position)),
      shown,
      backward: found.backward.filter((id) => drawn.has(id)),
    };
  },

  /** All numbers of one node. */
  walkNode(lab: Lab, { epsilon, id }: { epsilon: string; id: string }) {
    const { found, number } = walkOf(lab, epsilon);
    const { shape, value, gradient } = nodeAt(found, id);
    return {
      walk: number,
      id,
      shape,
      value: value.data.slice(),
      ...byOrigin((origin) => gradient[origin]?.data.slice() ?? null),
    };
  },

  /** Why an element has its value and its gradient. */
  walkExplain(
    lab: Lab,
    { epsilon, id, position, origin }: { epsilon: string; id: string; position: Position; origin: Origin },
  ) {
    const { found, number } = walkOf(lab, epsilon);
    const element = elementAt(nodeAt(found, id).shape, found.batch, position);
    return { ...explain(found, id, element, { origin }), walk: number };
  },
};
