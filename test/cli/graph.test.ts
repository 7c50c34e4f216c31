import { describe, expect, it } from 'vitest';
import { backward, graphOf } from '../../src/autograd/index.js';
import { graphText, summary } from '../../src/cli/graph/text.js';
import { trickGraph } from '../../src/cli/graph/trick.js';
import { normal, tensor, uniform } from '../../src/tensor/create.js';
import { Random } from '../../src/tensor/random/stream.js';
import { objective, VAE } from '../../src/vae/index.js';
import { inProcess } from './harness.js';

const random = new Random(1);
const vae = new VAE(
  { features: 5, hidden: [3], latent: 2 },
  { stream: random.stream('init'), dtype: 'float64' },
);
const x = uniform([2, 5], random.stream('data'), { dtype: 'float64' }).named('x');
const epsilon = normal([2, 2], random.stream('epsilon'), { dtype: 'float64' }).named('epsilon');
const pass = objective(vae, x, epsilon, { composed: true });
const gradients = backward(pass.loss);
const graph = trickGraph(graphOf(pass.loss, gradients), x, pass);

describe('trickGraph', () => {
  it('goes from mean, logvar and epsilon to z and on to the loss, without weights', () => {
    const labels = graph.nodes.map(({ label }) => label);
    for (const label of [
      'x',
      'mean',
      'logvar',
      'epsilon',
      'sigma',
      'sigma * epsilon',
      'z',
      'output',
      'kl',
      'loss',
    ]) {
      expect(labels).toContain(label);
    }
    expect(labels.some((label) => label?.includes('weight'))).toBe(false);
    expect(graph.output.label).toBe('loss');
  });

  it('is in order, with inputs among its own nodes and the gradients of backward', () => {
    graph.nodes.forEach((node, i) => {
      expect(node.id).toBe(i);
      for (const input of node.inputs) expect(graph.nodes[input.id]).toBe(input);
      for (const input of node.inputs) expect(input.id).toBeLessThan(i);
    });
    const z = graph.nodes.find(({ label }) => label === 'z');
    expect(z?.gradient).toBe(gradients.get(pass.z));
    expect(z?.inputs.map(({ label }) => label)).toEqual(['mean', 'sigma * epsilon']);
    const output = graph.nodes.find(({ label }) => label === 'output');
    expect([output?.op, output?.inputs[0]]).toEqual(['decoder', z]);
  });
});

describe('graphText', () => {
  it('writes small tensors out and gives the range of larger ones', () => {
    expect(summary(tensor([1, -2.5]))).toBe('[1, -2.5]');
    expect(summary(tensor(3e-7))).toBe('3e-7');
    expect(summary(tensor([0, 1, 2, 3, 4, Number.NaN].slice(0, 5)))).toBe('0 .. 4');
    const text = graphText(graph).split('\n');
    expect(text).toHaveLength(graph.nodes.length + 2);
    expect(text[0]).toMatch(/^tensor +made by +shape +value +gradient of the loss$/);
    expect(text.find((line) => line.startsWith('z '))).toContain('add(mean, sigma * epsilon)');
  });
});

describe('pathwise graph', () => {
  it('gives JSON and DOT of the same graph', async () => {
    const json = await inProcess('graph', '--format', 'json', '--batch', '2');
    const parsed: { output: number; nodes: { label: string | null; inputs: number[]; value: number[] }[] } =
      JSON.parse(json.out);
    expect(parsed.nodes[parsed.output].label).toBe('loss');
    expect(parsed.nodes.find(({ label }) => label === 'z')?.value).toHaveLength(4);
    const dot = await inProcess('graph', '--format', 'dot', '--batch', '2');
    const edges = parsed.nodes.reduce((total, { inputs }) => total + inputs.length, 0);
    expect(dot.out.match(/ -> /g)).toHaveLength(edges);
    expect(dot.out.startsWith('digraph {')).toBe(true);
  });

  it('shows weights with --all', async () => {
    const { code, out } = await inProcess('graph', '--all');
    expect(code).toBe(0);
    expect(out).toContain('decoder.2.weight');
  });
});
