import { add, type Graph, type GraphNode, graphOf, mean, mul, sum, variable } from '../../autograd/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { LatentVariableModel } from '../../vae/model.js';
import { type Objective, type ObjectiveOptions, objective, objectiveOf } from '../../vae/objective.js';
import { objectiveFrom } from '../../vae/parts/elbo.js';
import type { TrickMode } from './node.js';

/** A pass to walk through, and its graph. */
export interface WalkPass {
  readonly pass: Objective;
  readonly graph: Graph;
  /** Tensors that stand for the value of others, through which no derivative passes. */
  readonly held: ReadonlySet<Tensor>;
}

/** A tensor that is taken as a number, and what it was computed from. */
type Held = ReadonlyMap<Tensor, { readonly op: string; readonly from: readonly Tensor[] }>;

/** The graph, going on from the held tensors to what they were computed from. */
function joined(output: Tensor, held: Held): Graph {
  const nodes: GraphNode[] = [];
  const known = new Map<Tensor, GraphNode>();
  const enter = (node: GraphNode): GraphNode => {
    const before = known.get(node.value);
    if (before !== undefined) return before;
    const own = held.get(node.value);
    for (const t of own?.from ?? []) graphOf(t).nodes.forEach(enter);
    const inputs = own?.from.flatMap((t) => known.get(t) ?? []) ?? node.inputs.map(enter);
    const entered = { ...node, id: nodes.length, op: own?.op ?? node.op, inputs };
    known.set(node.value, entered);
    nodes.push(entered);
    return entered;
  };
  const { nodes: all } = graphOf(output);
  all.forEach(enter);
  return { nodes, output: nodes[nodes.length - 1] };
}

/** The data as images, which convolutions take: no gradient is wanted of it, so it is not recorded what they were made of. */
function imagesOf(x: Tensor, output: Tensor): Held {
  const images = graphOf(output).nodes.filter(
    ({ op, value }) => op === 'constant' && value !== x && value.data === x.data,
  );
  return new Map(images.map(({ value }) => [value, { op: 'reshape', from: [x] }]));
}

/** One pass with the trick in its parts, without it, or with the score function in its place. */
export function passOf(
  vae: LatentVariableModel,
  x: Tensor,
  epsilon: Tensor,
  trick: TrickMode,
  options: Pick<ObjectiveOptions, 'beta' | 'freeBits'>,
): WalkPass {
  if (trick === 'with') {
    const pass = objective(vae, x, epsilon, { ...options, composed: true });
    return { pass, graph: joined(pass.loss, imagesOf(x, pass.loss)), held: new Set() };
  }
  const posterior = vae.encode(x);
  const sample = vae.posterior.sample(posterior, epsilon, true);
  const number = sample.detach();
  // A leaf that needs a gradient gets one, to be shown; the score function does without.
  const z = (trick === 'without' ? variable(number) : number).named('z');
  const held = new Map([[z, { op: 'draw', from: graphOf(sample).output.inputs.map(({ value }) => value) }]]);
  const pass = objectiveOf(vae, x, { ...posterior, posterior, z, output: vae.decode(z) }, options);
  if (trick === 'without')
    return {
      pass,
      graph: joined(pass.loss, new Map([...held, ...imagesOf(x, pass.loss)])),
      held: new Set([z]),
    };

  const each = vae.likelihood.perExample(pass.output, vae.rows(x)).named('R per example');
  const fixed = each.detach().named('R as a number');
  held.set(fixed, { op: 'number', from: [each] });
  const logq = sum(vae.posterior.logDensity(posterior, z), { axes: 1 }).named('log q');
  const score = mean(mul(fixed, logq)).named('score term');
  const reconstruction = add(mean(each).named('reconstruction'), score).named('R and score term');
  const loss = objectiveFrom(options, 'walk')
    .loss({ ...pass, reconstruction })
    .named('loss');
  return {
    pass: { ...pass, reconstruction, loss },
    graph: joined(loss, new Map([...held, ...imagesOf(x, loss)])),
    held: new Set([z, fixed]),
  };
}
