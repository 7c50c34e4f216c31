import { backward, type Graph, graphOf, toDot, toJson } from '../../autograd/index.js';
import { Random } from '../../autograd/ops/random.js';
import { choice, integer, toggle, type Values } from '../../nn/schema/index.js';
import { firstExamples, labelsFor } from '../../study/first-rows.js';
import { normal, uniform } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type Labels, type LatentVariableModel, objective, VAE } from '../../vae/index.js';
import { defineCommand, offline } from '../command.js';
import { EXIT, UsageError } from '../errors.js';
import { graphText } from '../graph/text.js';
import { trickGraph } from '../graph/trick.js';
import { openRun } from '../run/open.js';

const EXAMPLES = `
The trick is shown in its parts, z = mean + exp(logvar / 2) * epsilon, to follow the gradient from z back to mean
and logvar. Without a run, a small model with random weights is shown.

Examples:
  pathwise graph
  pathwise graph runs/glyphs-latent2-1 --batch 1 --seed 4
  pathwise graph --all --format dot | dot -Tsvg > vae.svg
  pathwise graph --format json`;

const FLAGS = {
  all: toggle({ help: 'the whole graph, including encoder and decoder' }),
  format: choice(['text', 'dot', 'json'], { default: 'text', help: 'format of the output' }),
  batch: integer({ min: 1, max: 10_000, default: 1, help: 'examples' }),
  seed: integer({ min: 0, default: 0, help: 'seed for epsilon and the small model' }),
  offline,
};
type GraphFlags = Values<typeof FLAGS>;

/** Above this many elements JSON has only shapes: a run's model would take tens of megabytes. */
const MAX_VALUES = 100_000;

/** A model and a batch, [batch, features]. */
interface Pass {
  readonly vae: LatentVariableModel;
  readonly x: Tensor;
  readonly labels?: Labels | undefined;
}

function smallModel({ batch, seed }: GraphFlags): Pass {
  const random = new Random(seed);
  const dtype = 'float64';
  const config = { features: 6, hidden: [4], latent: 2, activation: 'tanh' } as const;
  return {
    vae: new VAE(config, { stream: random.stream('init'), dtype }),
    x: uniform([batch, config.features], random.stream('data'), { dtype }),
  };
}

async function modelOfRun(path: string, { batch, offline }: GraphFlags): Promise<Pass> {
  const { vae, test } = await openRun(path, offline);
  if (batch > test.size) {
    throw new UsageError(`--batch ${batch}: this run has ${test.size} test examples`);
  }
  return { vae, x: firstExamples(test, batch, vae.dtype), labels: labelsFor(vae, test, batch) };
}

function write(graph: Graph, format: GraphFlags['format']): string {
  if (format === 'dot') return toDot(graph);
  if (format === 'text') return graphText(graph);
  const elements = graph.nodes.reduce((total, { value }) => total + value.size, 0);
  return JSON.stringify(toJson(graph, { values: elements <= MAX_VALUES }), null, 2);
}

async function showGraph(path: string | undefined, flags: GraphFlags): Promise<number> {
  const { vae, x, labels } = path === undefined ? smallModel(flags) : await modelOfRun(path, flags);
  if (!flags.all && !vae.posterior.diagonal) {
    throw new UsageError(
      `the part around the trick is that of a diagonal Gaussian posterior, but this run's is ${vae.posterior.name}; ` +
        'add --all for the whole graph',
    );
  }
  const noise = new Random(flags.seed).stream('epsilon');
  const epsilon = normal([flags.batch, vae.posterior.noise], noise, { dtype: vae.dtype }).named('epsilon');
  const pass = objective(vae, x.named('x'), epsilon, { composed: true, labels });
  const whole = graphOf(pass.loss, backward(pass.loss));
  const graph = flags.all ? whole : trickGraph(whole, x, pass);
  console.log(write(graph, flags.format));
  return EXIT.done;
}

/** `pathwise graph` */
export const graphCommand = defineCommand({
  name: 'graph',
  summary: 'show values and gradients at the trick',
  description: "Shows the VAE's graph at the reparameterization trick, with values and gradients.",
  args: [['[run]', 'a run folder']],
  flags: FLAGS,
  examples: EXAMPLES,
  run: (flags, [run]) => showGraph(run, flags),
});
