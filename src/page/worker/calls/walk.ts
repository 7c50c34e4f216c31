import { firstSample } from '../../../study/first-rows.js';
import {
  arrowsOf,
  byOrigin,
  chooseEpsilon,
  explain,
  type Foldable,
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
import type { ImageShape } from '../../shared/training.js';
import {
  axesOf,
  elementAt,
  type NodeSummary,
  type Position,
  type WalkChoice,
  type WalkPicture,
} from '../../shared/walk.js';
import { type Lab, sessionOf } from '../lab.js';
import { toPixels } from '../pictures.js';
import type { Session } from '../session.js';
import { weightWindowOf, windowOf } from '../windows.js';

interface Known {
  readonly number: number;
  readonly session: Session;
  readonly at: number;
  readonly choice: WalkChoice;
  readonly found: Walk;
  /** Each node with what does not depend on the chosen element. */
  readonly nodes: readonly (Pick<NodeSummary, 'axes' | 'magnitudes'> & { readonly node: WalkNode })[];
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
function walkOf(lab: Lab, { epsilon, trick }: WalkChoice): Known {
  const session = sessionOf(lab);
  const { at } = session;
  const isSame = known?.choice.epsilon === epsilon && known.choice.trick === trick;
  if (isSame && known?.session === session && known.at === at) return known;
  const noise = parseEpsilon(epsilon);
  const found = scope(() => {
    const { x, epsilon: own } = session.trainer.peek();
    const { beta, settings } = session;
    return walk(session.vae, x, chooseEpsilon(firstSample(own), noise, settings.seed), { beta, trick });
  });
  const { features, latent, likelihood } = session.vae;
  const sizes = { batch: found.batch, features, outputs: features * likelihood.outputs, latent };
  const transposed = [...found.nodes.values()].flatMap(({ op, inputs }) =>
    op === 'convTranspose2d' ? [inputs[1]] : [],
  );
  const kindOf = ({ id, role }: WalkNode) =>
    role !== 'parameter' ? 'value' : transposed.includes(id) ? 'transposed' : 'parameter';
  const nodes = [...found.nodes.values()].map((node) => ({
    node,
    axes: axesOf(node.shape, kindOf(node), sizes),
    magnitudes: byOrigin((origin) => magnitudeOf(node.gradient[origin])),
  }));
  const number = (known?.number ?? 0) + 1;
  known = { number, session, at, choice: { epsilon, trick }, found, nodes };
  return known;
}

const elementIn = (t: Tensor, element: readonly number[]): number => {
  const strides = stridesOf(t.shape);
  return t.data[element.reduce((sum, index, d) => sum + index * strides[d], 0)];
};

/** Of the pixels with at least half of the image's most ink, the one nearest to its centre. */
function inkedPixel(image: ArrayLike<number>, { rows, columns }: ImageShape): number {
  const pixels = Array.from(image, Math.abs);
  const least = pixels.reduce((most, ink) => Math.max(most, ink), 0) / 2;
  const distance = (p: number): number =>
    Math.hypot(Math.floor(p / columns) - (rows - 1) / 2, (p % columns) - (columns - 1) / 2);
  return pixels.reduce(
    (best, ink, p) => (ink >= least && (best < 0 || distance(p) < distance(best)) ? p : best),
    -1,
  );
}

/** The unit of the encoder's last layer that is largest for an example: one that ReLU does not leave at 0. */
function busiestUnit(found: Walk, example: number): number {
  const [last] = nodeAt(found, 'mean').inputs;
  const { data, size } = nodeAt(found, last).value;
  const width = size / found.batch;
  const units = data.subarray(example * width, (example + 1) * width);
  return units.indexOf(Math.max(...units));
}

/** The element of the channel that is largest at a place. */
function busiestChannel({ shape, value }: WalkNode, [example, , row, column]: readonly number[]): number[] {
  const values = Array.from({ length: shape[1] }, (_, channel) =>
    elementIn(value, [example, channel, row, column]),
  );
  return [example, values.indexOf(Math.max(...values)), row, column];
}

/** The element of each node at a position. */
function elementsAt({ found, nodes, session }: Known, position: Position): (id: string) => number[] {
  const x = nodeAt(found, 'x');
  const { features } = session.vae;
  const example = Math.min(position.example, found.batch - 1);
  const image = x.value.data.subarray(example * features, (example + 1) * features);
  const complete = {
    ...position,
    pixel: position.pixel ?? inkedPixel(image, session.data.image),
    unit: position.unit ?? busiestUnit(found, example),
  };
  const elements = new Map(
    nodes.map(({ node, axes }) => {
      const element = elementAt(node.shape, axes, complete);
      const isBusiest = position.channel == null && node.shape.length === 4 && node.role !== 'parameter';
      return [node.id, isBusiest ? busiestChannel(node, element) : element] as const;
    }),
  );
  return (id) => elements.get(id) ?? [];
}

function summaryOf(
  { node, axes, magnitudes }: Known['nodes'][number],
  element: readonly number[],
): NodeSummary {
  const { id, label, group, role, op, doc, inputs, shape, value, gradient } = node;
  return {
    ...{ id, label, group, role, op, doc, inputs, shape, axes, magnitudes, element },
    value: elementIn(value, element),
    gradient: byOrigin((origin) => {
      const t = gradient[origin];
      return t && elementIn(t, element);
    }),
  };
}

/** Whether a node is passed on the way back: where no derivative of the draw is taken, the trick's nodes stay, with 0. */
const isPassedBack = ({ group, role, gradient }: WalkNode): boolean =>
  gradient.total !== null || (group === 'trick' && role !== 'noise');

/** Answers of one walk, told by its number, belong together. */
export const walkCalls = {
  /** The picture of the next step's batch. @throws RangeError when `epsilon` cannot be read. */
  walkOpen(
    lab: Lab,
    { unfolded, position, ...choice }: WalkChoice & { unfolded: readonly Foldable[]; position: Position },
  ): WalkPicture {
    const walked = walkOf(lab, choice);
    const { found, at, number, nodes } = walked;
    const shown = shownNodes(found, new Set(unfolded));
    const elementOf = elementsAt(walked, position);
    return {
      walk: number,
      trick: found.trick,
      at,
      batch: found.batch,
      latent: found.latent,
      beta: found.beta,
      nodes: nodes.map((known) => summaryOf(known, elementOf(known.node.id))),
      shown: shown.map(({ node, inputs }) => ({ id: node.id, inputs })),
      starts: found.starts,
      arrows: arrowsOf(found, shown, elementOf),
      backward: shown
        .toReversed()
        .filter(({ node }) => isPassedBack(node))
        .map(({ node }) => node.id),
    };
  },

  /** The images of the batch, as bytes. */
  walkImages(lab: Lab, choice: WalkChoice) {
    const { found, number } = walkOf(lab, choice);
    return { walk: number, pixels: toPixels(nodeAt(found, 'x').value) };
  },

  /** All numbers of one node; of images those of one example, since there are many. */
  walkNode(lab: Lab, { id, example = 0, ...choice }: WalkChoice & { id: string; example?: number }) {
    const { found, number } = walkOf(lab, choice);
    const { shape, value, gradient, role } = nodeAt(found, id);
    const size = value.size / found.batch;
    const first = Math.min(example, found.batch - 1) * size;
    const numbersOf = ({ data }: Tensor) =>
      shape.length === 4 && role !== 'parameter' ? data.slice(first, first + size) : data.slice();
    return {
      walk: number,
      id,
      example,
      value: numbersOf(value),
      ...byOrigin((origin) => gradient[origin] && numbersOf(gradient[origin])),
    };
  },

  /** The windows of a convolution at the chosen element, of it or of its weight; null for another node. */
  walkWindow(
    lab: Lab,
    { id, position, origin, ...choice }: WalkChoice & { id: string; position: Position; origin: Origin },
  ) {
    const walked = walkOf(lab, choice);
    const { found, number } = walked;
    const element = elementsAt(walked, position)(id);
    const example = Math.min(position.example, found.batch - 1);
    return {
      walk: number,
      id,
      of: windowOf(found, id, element, position.input ?? null),
      weight: weightWindowOf(found, id, element, example, origin),
    };
  },

  /** Why an element has its value and its gradient. */
  walkExplain(
    lab: Lab,
    args: WalkChoice & { id: string; position: Position; origin: Origin; unfolded: readonly Foldable[] },
  ) {
    const { id, position, origin, unfolded, ...choice } = args;
    const walked = walkOf(lab, choice);
    const { found, number } = walked;
    const { inputs } = nodeAt(found, id);
    const element = elementsAt(walked, position)(id);
    const own = explain(found, id, element, { origin });
    // Where a node is what one that is not drawn is, the formula of that one says more: logvar within its soft bound.
    const drawn = shownNodes(found, new Set(unfolded)).map(({ node }) => node.id);
    const [inner] = inputs;
    const isAlias =
      own.forward !== null && !drawn.includes(inner) && /^[\w.]+(\[[\d,]+\])?$/.test(own.forward.symbols);
    const { forward } = isAlias ? explain(found, inner, element, { origin }) : own;
    return {
      ...own,
      forward: forward && { ...forward, left: own.forward?.left ?? forward.left },
      walk: number,
    };
  },
};
