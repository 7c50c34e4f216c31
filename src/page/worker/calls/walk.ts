import {
  chooseEpsilon,
  explain,
  formulasOf,
  nodeAt,
  ORIGINS,
  parseEpsilon,
  shownNodes,
  type Walk,
  type WalkNode,
  walk,
} from '../../../study/index.js';
import type { TensorData } from '../../../tensor/dtype.js';
import { scope } from '../../../tensor/memory/scope.js';
import { stridesOf } from '../../../tensor/shape.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { elementAt, type NodeSummary, type Position } from '../../shared/walk.js';
import { type Handlers, type Lab, sessionOf } from '../lab.js';
import type { Session } from '../session.js';

interface Known {
  readonly number: number;
  readonly session: Session;
  readonly at: number;
  readonly epsilon: string;
  readonly found: Walk;
  /** What does not depend on the chosen element, by node. */
  readonly still: ReadonlyMap<string, Pick<NodeSummary, 'formulas' | 'magnitudes'>>;
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
  const still = new Map(
    [...found.nodes.values()].map(({ id, gradient }) => {
      const [total, reconstruction, kl] = ORIGINS.map((origin) => magnitudeOf(gradient[origin]));
      return [id, { formulas: formulasOf(found, id), magnitudes: { total, reconstruction, kl } }];
    }),
  );
  known = { number: (known?.number ?? 0) + 1, session, at, epsilon, found, still };
  return known;
}

const elementIn = (t: Tensor, element: readonly number[]): number => {
  const strides = stridesOf(t.shape);
  return t.data[element.reduce((sum, index, d) => sum + index * strides[d], 0)];
};

function summaryOf({ found, still }: Known, node: WalkNode, position: Position): NodeSummary {
  const element = elementAt(node.shape, found.batch, position);
  const at = (t: Tensor | null): number | null => (t === null ? null : elementIn(t, element));
  const { id, label, group, role, op, doc, inputs, shape, value, gradient } = node;
  const { formulas, magnitudes } = still.get(id) ?? {
    formulas: formulasOf(found, id),
    magnitudes: { total: null, reconstruction: null, kl: null },
  };
  return {
    ...{ id, label, group, role, op, doc, inputs, shape, formulas, magnitudes, element },
    value: elementIn(value, element),
    gradient: {
      total: at(gradient.total),
      reconstruction: at(gradient.reconstruction),
      kl: at(gradient.kl),
    },
  };
}

export const walkCalls = {
  walkOpen(lab, { epsilon, unfolded, position }) {
    const it = walkOf(lab, epsilon);
    const { found, at, number } = it;
    const shown = shownNodes(found, new Set(unfolded)).map(({ node, inputs }) => ({ id: node.id, inputs }));
    const drawn = new Set(shown.map(({ id }) => id));
    return {
      walk: number,
      at,
      batch: found.batch,
      latent: found.latent,
      beta: found.beta,
      nodes: [...found.nodes.values()].map((node) => summaryOf(it, node, position)),
      shown,
      backward: found.backward.filter((id) => drawn.has(id)),
    };
  },

  walkNode(lab, { epsilon, id }) {
    const { found, number } = walkOf(lab, epsilon);
    const { shape, value, gradient } = nodeAt(found, id);
    const copy = (t: Tensor | null): TensorData | null => t?.data.slice() ?? null;
    return {
      walk: number,
      id,
      shape,
      value: value.data.slice(),
      total: copy(gradient.total),
      reconstruction: copy(gradient.reconstruction),
      kl: copy(gradient.kl),
    };
  },

  walkExplain(lab, { epsilon, id, position, origin }) {
    const { found, number } = walkOf(lab, epsilon);
    const element = elementAt(nodeAt(found, id).shape, found.batch, position);
    return { ...explain(found, id, element, { origin }), walk: number };
  },
} satisfies Partial<Handlers>;
