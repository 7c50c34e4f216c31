import {
  chooseEpsilon,
  type Explanation,
  explain,
  type Foldable,
  formulasOf,
  type Group,
  nodeAt,
  ORIGINS,
  type Origin,
  parseEpsilon,
  shownNodes,
  type Walk,
  type WalkNode,
  walk,
} from '../../../study/index.js';
import type { TensorData } from '../../../tensor/dtype.js';
import { step } from '../../../tensor/memory/step.js';
import { stridesOf } from '../../../tensor/shape.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { type Place, placeIn } from '../../shared/place.js';
import { type Lab, sessionOf } from '../lab.js';
import type { Session } from '../session.js';

/** A node without its arrays. */
export interface NodeSummary {
  readonly id: string;
  readonly label: string;
  readonly group: Group;
  readonly role: WalkNode['role'];
  readonly op: string;
  readonly doc: string;
  readonly inputs: readonly string[];
  readonly shape: readonly number[];
  /** Formulas for any element: of the value, and of each gradient; null where there is none. */
  readonly formulas: { readonly value: string | null } & Readonly<Record<Origin, string | null>>;
  /** Means of |gradient| over the elements; null where none reaches. */
  readonly sizes: Readonly<Record<Origin, number | null>>;
  /** The element that the chosen place comes to in this node, and its numbers. */
  readonly element: readonly number[];
  readonly value: number;
  readonly gradient: Readonly<Record<Origin, number | null>>;
}

/** What an answer is about: answers of one number belong together. */
export interface OfWalk {
  readonly walk: number;
}

/** One batch through the model and back, as the view draws it. */
export interface WalkPicture extends OfWalk {
  /** Gradient steps taken before: the batch and the noise are those of the next one. */
  readonly at: number;
  readonly batch: number;
  readonly latent: number;
  readonly beta: number;
  readonly nodes: readonly NodeSummary[];
  /** What is drawn, in the order of the forward pass, with what each is drawn to come from. */
  readonly shown: readonly { readonly id: string; readonly inputs: readonly string[] }[];
  /** The drawn ones in the order in which backward has their gradients. */
  readonly backward: readonly string[];
}

/** All numbers of a node. */
export interface NodeArrays extends OfWalk, Readonly<Record<Origin, TensorData | null>> {
  readonly id: string;
  readonly shape: readonly number[];
  readonly value: TensorData;
}

interface Known {
  readonly number: number;
  readonly session: Session;
  readonly at: number;
  readonly epsilon: string;
  readonly found: Walk;
  /** What does not depend on the chosen element, by node. */
  readonly still: ReadonlyMap<string, Pick<NodeSummary, 'formulas' | 'sizes'>>;
}

let known: Known | null = null;

function sizeOf(t: Tensor | null): number | null {
  if (t === null) return null;
  let total = 0;
  for (const x of t.data) total += Math.abs(x);
  return total / t.size;
}

/** The walk of the batch and noise that the next step will take, with the noise chosen; made once for each. */
function walkOf(lab: Lab, epsilon: string): Known {
  const session = sessionOf(lab);
  const { at } = session;
  if (known?.session === session && known.at === at && known.epsilon === epsilon) return known;
  const choice = parseEpsilon(epsilon);
  const found = step(() => {
    const { x, epsilon: own } = session.trainer.peek();
    const { seed, beta } = session.settings;
    return walk(session.vae, x, chooseEpsilon(own, choice, seed), { beta });
  });
  const still = new Map(
    [...found.nodes.values()].map(({ id, gradient }) => {
      const [total, reconstruction, kl] = ORIGINS.map((origin) => sizeOf(gradient[origin]));
      return [id, { formulas: formulasOf(found, id), sizes: { total, reconstruction, kl } }];
    }),
  );
  known = { number: (known?.number ?? 0) + 1, session, at, epsilon, found, still };
  return known;
}

const elementIn = (t: Tensor, element: readonly number[]): number => {
  const strides = stridesOf(t.shape);
  return t.data[element.reduce((sum, place, d) => sum + place * strides[d], 0)];
};

function summaryOf({ found, still }: Known, node: WalkNode, place: Place): NodeSummary {
  const element = placeIn(node.shape, found.batch, place);
  const at = (t: Tensor | null): number | null => (t === null ? null : elementIn(t, element));
  const { id, label, group, role, op, doc, inputs, shape, value, gradient } = node;
  const { formulas, sizes } = still.get(id) ?? {
    formulas: formulasOf(found, id),
    sizes: { total: null, reconstruction: null, kl: null },
  };
  return {
    ...{ id, label, group, role, op, doc, inputs, shape, formulas, sizes, element },
    value: elementIn(value, element),
    gradient: {
      total: at(gradient.total),
      reconstruction: at(gradient.reconstruction),
      kl: at(gradient.kl),
    },
  };
}

export const stepCalls = {
  /** The picture of the next step's batch. @throws RangeError when the text of epsilon says nothing. */
  walkOpen(
    lab: Lab,
    { epsilon, unfolded, place }: { epsilon: string; unfolded: readonly Foldable[]; place: Place },
  ): WalkPicture {
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
      nodes: [...found.nodes.values()].map((node) => summaryOf(it, node, place)),
      shown,
      backward: found.backward.filter((id) => drawn.has(id)),
    };
  },

  /** All numbers of one node. */
  walkNode(lab: Lab, { epsilon, id }: { epsilon: string; id: string }): NodeArrays {
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

  /** Why an element has the value and the gradient that it has. */
  walkExplain(
    lab: Lab,
    { epsilon, id, place, origin }: { epsilon: string; id: string; place: Place; origin: Origin },
  ): Explanation & OfWalk {
    const { found, number } = walkOf(lab, epsilon);
    const element = placeIn(nodeAt(found, id).shape, found.batch, place);
    return { ...explain(found, id, element, { origin }), walk: number };
  },
};
