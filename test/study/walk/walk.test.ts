import { describe, expect, it } from 'vitest';
import { backward } from '../../../src/autograd/index.js';
import { FOLDABLE, fold, shownNodes } from '../../../src/study/walk/fold.js';
import { nodeAt } from '../../../src/study/walk/node.js';
import { walk } from '../../../src/study/walk/walk.js';
import { objective } from '../../../src/vae/objective.js';
import { heads } from '../../vae/heads.js';
import { subject } from '../models.js';

describe('walk', () => {
  const { vae, x, epsilon } = subject({ activation: 'relu' }, { batch: 4 });
  const found = walk(vae, x, epsilon, { beta: 2 });

  it('has the values and gradients of a training step, bit for bit', () => {
    const single = subject({ activation: 'relu' }, { batch: 4, dtype: 'float32' });
    const step = objective(single.vae, single.x, single.epsilon, { beta: 2 });
    const gradients = backward(step.loss);
    const walked = walk(single.vae, single.x, single.epsilon, { beta: 2 });
    for (const [name, parameter] of single.vae.namedParameters()) {
      expect(nodeAt(walked, name).value.data).toEqual(parameter.data);
      expect(nodeAt(walked, name).gradient.total?.data, name).toEqual(gradients.get(parameter).data);
    }
    for (const name of ['mean', 'logvar', 'z', 'output', 'reconstruction', 'kl', 'loss'] as const) {
      expect(nodeAt(walked, name).value.data, name).toEqual(step[name].data);
    }
    expect(nodeAt(walked, 'z').gradient.total?.data).toEqual(gradients.get(step.z).data);
  });

  it('splits every gradient into parts that add up to it', () => {
    let count = 0;
    for (const { id, gradient } of found.nodes.values()) {
      if (id === 'loss' || gradient.total === null) continue;
      gradient.total.data.forEach((g, i) => {
        const parts = (gradient.reconstruction?.data[i] ?? 0) + (gradient.kl?.data[i] ?? 0);
        expect(parts, id).toBeCloseTo(g, 12);
        count++;
      });
    }
    expect(count).toBeGreaterThan(150);
    expect(nodeAt(found, 'z').gradient.kl).toBeNull();
    expect(nodeAt(found, 'kl').gradient.kl?.item()).toBe(2);
    expect(nodeAt(found, 'kl').gradient.reconstruction).toBeNull();
  });

  it('goes forward with inputs first, and backward with consumers first', () => {
    const seen = new Set<string>();
    for (const { id, inputs } of found.nodes.values()) {
      for (const input of inputs) expect(seen.has(input), `${input} before ${id}`).toBe(true);
      seen.add(id);
    }
    const done = new Set<string>();
    for (const id of found.backward) {
      const takers = (found.consumers.get(id) ?? []).filter(
        (c) => nodeAt(found, c.id).gradient.total !== null,
      );
      for (const taker of takers) expect(done.has(taker.id), `${taker.id} before ${id}`).toBe(true);
      done.add(id);
    }
    expect(found.backward[0]).toBe('loss');
    expect(new Set(found.backward).size).toBe(found.backward.length);
  });

  it('names nodes for links and people, each once', () => {
    const ids = [...found.nodes.keys()];
    expect(ids).toEqual(
      expect.arrayContaining(['x', 'epsilon', 'encoder.0', 'encoder.2', 'logvar.linear', 'logvar']),
    );
    expect(ids.every((id) => /^[\w.-]+$/.test(id))).toBe(true);
    expect(nodeAt(found, 'logvar-over-2').label).toBe('logvar / 2');
    expect(nodeAt(found, 'encoder.2').group).toBe('encoder');
    expect(nodeAt(found, 'weighted-kl').group).toBe('kl');
    expect(nodeAt(found, 'sigma').doc).toBe('e^x, elementwise.');
    const silu = subject({ activation: 'silu', likelihood: 'gaussian', learnSigma: true });
    const others = walk(silu.vae, silu.x, silu.epsilon, { freeBits: 0.1 });
    expect([...others.nodes.keys()]).toEqual(expect.arrayContaining(['encoder.0.sigmoid', 'encoder.0.mul']));
    expect(nodeAt(others, others.starts.kl).id).toBe('weighted-kl');
  });

  it('is a copy: it stays when the model changes', () => {
    const own = subject();
    const before = walk(own.vae, own.x, own.epsilon);
    const weights = [...nodeAt(before, 'mean.weight').value.data];
    heads(own.vae).mean.weight.data.fill(0);
    own.x.data.fill(0);
    expect([...nodeAt(before, 'mean.weight').value.data]).toEqual(weights);
    expect(nodeAt(before, 'x').value.data.some((v) => v !== 0)).toBe(true);
  });

  it('works where the encoder has no hidden layer', () => {
    const flat = subject({ hidden: [] });
    const nodes = shownNodes(walk(flat.vae, flat.x, flat.epsilon));
    expect(nodes.find(({ node }) => node.id === 'mean')?.inputs).toEqual(['x']);
  });
});

describe('shownNodes', () => {
  const { vae, x, epsilon } = subject({ activation: 'tanh' });
  const found = walk(vae, x, epsilon, { beta: 3 });
  const shown = (...unfolded: (typeof FOLDABLE)[number][]) =>
    new Map(shownNodes(found, new Set(unfolded)).map(({ node, inputs }) => [node.id, inputs]));

  it('is the trick with encoder, decoder and losses as one step each', () => {
    expect(Object.fromEntries(shown())).toEqual({
      x: [],
      'encoder.2.tanh': ['x'],
      mean: ['encoder.2.tanh'],
      logvar: ['encoder.2.tanh'],
      'logvar-over-2': ['logvar'],
      sigma: ['logvar-over-2'],
      epsilon: [],
      'sigma-times-epsilon': ['sigma', 'epsilon'],
      z: ['mean', 'sigma-times-epsilon'],
      output: ['z'],
      reconstruction: ['output', 'x'],
      'kl-per-element': ['mean', 'logvar'],
      kl: ['kl-per-element'],
      'weighted-kl': ['kl'],
      loss: ['reconstruction', 'weighted-kl'],
    });
  });

  it('shows layers where asked to', () => {
    const encoder = shown('encoder');
    expect(encoder.get('encoder.0.tanh')).toEqual(['encoder.0']);
    expect(encoder.get('logvar')).toEqual(['logvar.linear']);
    expect(shown('decoder').get('decoder.0')).toEqual(['z']);
    const all = [...found.nodes.values()].filter(({ role }) => role !== 'parameter' && role !== 'constant');
    expect([...shown(...FOLDABLE).keys()]).toEqual(all.map(({ id }) => id));
  });

  it('keeps inputs before what is made from them', () => {
    const kept = fold(
      [1, 2, 3, 4, 5],
      (n) => (n === 1 ? [] : [n - 1, 1]),
      (n) => n !== 3 && n !== 4,
    );
    expect([...kept]).toEqual([
      [1, []],
      [2, [1]],
      [5, [2, 1]],
    ]);
  });
});
