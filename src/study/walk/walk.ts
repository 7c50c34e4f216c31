import { type GraphNode, registeredOps } from '../../autograd/index.js';
import { choice, complete, type Given } from '../../nn/schema/index.js';
import { scope } from '../../tensor/memory/scope.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { LatentVariableModel } from '../../vae/model.js';
import { weightsSchema } from '../../vae/shared-settings.js';
import { byOrigin } from '../by-origin.js';
import { backwardByOrigin, termsOf } from '../origins.js';
import { groupsOf, namesOf } from './names.js';
import { type Consumer, TRICK_MODES, type Walk, type WalkNode } from './node.js';
import { passOf } from './passes.js';

/** Options of {@link walk}. */
export type WalkOptions = Given<typeof walkSchema>;

/** The weights of the loss, and how the encoder's gradient is computed. */
const walkSchema = {
  ...weightsSchema,
  trick: choice(TRICK_MODES, { default: 'with', help: "how the encoder's gradient is computed" }),
};

/** Who takes each tensor; the last to be computed comes first, as in backward. */
function consumersOf(nodes: readonly WalkNode[]): Map<string, Consumer[]> {
  const consumers = new Map<string, Consumer[]>();
  for (const { id, inputs, role } of nodes.toReversed()) {
    if (role === 'held') continue;
    inputs.forEach((input, position) => {
      const known = consumers.get(input) ?? [];
      consumers.set(input, known);
      known.push({ id, position });
    });
  }
  return consumers;
}

/**
 * Takes a batch through the model, with the trick in its parts or without it, and back, and keeps every recorded tensor with its
 * gradients.
 * @param x [batch, features]
 * @param epsilon [batch, latent]
 * @throws RangeError when beta or freeBits is out of range, or there is no such trick; ShapeError when shapes do not fit.
 */
export function walk(vae: LatentVariableModel, x: Tensor, epsilon: Tensor, options: WalkOptions = {}): Walk {
  const { trick, ...weights } = complete(walkSchema, options, 'walk');
  return scope(() => {
    const { pass, graph, held } = passOf(vae, x, epsilon, trick, weights);
    const terms = termsOf(pass.loss);
    const gradients = backwardByOrigin(pass.loss);
    const known = new Map([
      [x, 'x'],
      [epsilon, 'epsilon'],
      [pass.kl, 'KL'],
      [pass.klPerDimension, 'KL per dimension'],
    ]);
    if (terms.kl.label === undefined) known.set(terms.kl, 'weighted KL');
    const names = namesOf(graph, known);
    const groups = groupsOf(graph, x, pass, terms);
    const docs = new Map(registeredOps().map(({ name, doc }) => [name, doc]));
    const nameOf = (t: Tensor) => names.get(t) ?? { id: '', label: '' };
    const roleOf = ({ op, value }: GraphNode): WalkNode['role'] => {
      if (value === x) return 'data';
      if (value === epsilon) return 'noise';
      if (held.has(value)) return 'held';
      if (op === 'variable') return 'parameter';
      return op === 'constant' ? 'constant' : 'op';
    };

    const nodes = graph.nodes.map((node): WalkNode => {
      const { value, op, attributes, inputs } = node;
      const role = roleOf(node);
      return {
        ...nameOf(value),
        group: groups.get(value) ?? 'loss',
        role,
        op: role === 'op' || role === 'held' ? op : role,
        doc: docs.get(op) ?? '',
        attributes,
        inputs: inputs.map((input) => nameOf(input.value).id),
        shape: value.shape,
        value: value.detach().clone(),
        gradient: byOrigin((origin) => gradients[origin].find(value)?.detach().clone() ?? null),
      };
    });
    return {
      trick,
      batch: x.shape[0],
      latent: vae.latent,
      beta: weights.beta,
      nodes: new Map(nodes.map((node) => [node.id, node])),
      backward: nodes.toReversed().flatMap(({ id, gradient }) => (gradient.total === null ? [] : [id])),
      consumers: consumersOf(nodes),
      starts: byOrigin((origin) => nameOf(terms[origin]).id),
    };
  });
}
