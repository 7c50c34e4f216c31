import { describe, expect, it } from 'vitest';
import { axesOf, elementAt } from '../../src/page/shared/walk.js';
import { tokensOf } from '../../src/page/ui/equation-tokens.js';
import { histogramOf } from '../../src/page/ui/histogram-data.js';
import { typesetNumber } from '../../src/page/ui/number.js';
import { layOut, layOutAround, linesOf } from '../../src/page/views/step/layout.js';
import { shownNodes } from '../../src/study/walk/fold.js';
import { walk } from '../../src/study/walk/walk.js';
import { subject } from '../study/models.js';

describe('the layout of the walk', () => {
  const { vae, x, epsilon } = subject({ activation: 'silu' });
  const found = walk(vae, x, epsilon, { beta: 2 });

  it.each([[], ['encoder'], ['encoder', 'decoder', 'reconstruction', 'kl']] as const)(
    'has no two nodes on top of one another, and goes down: %s',
    (...unfolded) => {
      const nodes = shownNodes(found, new Set(unfolded)).map(({ node, inputs }) => ({ ...node, inputs }));
      const { spots, edges, width, height } = layOut(nodes);
      const places = [...spots.values()];
      places.forEach((a, i) => {
        for (const b of places.slice(0, i)) {
          expect(Math.abs(a.x - b.x) >= 92 || Math.abs(a.y - b.y) >= 60).toBe(true);
        }
        expect(a.x).toBeLessThan(width);
        expect(a.y).toBeLessThan(height);
      });
      expect(edges).toHaveLength(nodes.reduce((total, { inputs }) => total + inputs.length, 0));
      for (const { from, to } of edges) {
        expect((spots.get(from)?.y ?? 0) < (spots.get(to)?.y ?? 0), `${from} above ${to}`).toBe(true);
      }
    },
  );

  it('shows a node between its neighbours', () => {
    const nodes = shownNodes(found).map(({ node, inputs }) => ({ ...node, inputs }));
    const of = (id: string) => {
      const { spots, edges, height } = layOutAround(nodes, id);
      return { ids: [...spots.keys()], edges: edges.map(({ from, to }) => `${from} ${to}`), height };
    };
    expect(of('logvar')).toMatchObject({
      ids: ['encoder.2.mul', 'logvar', 'logvar-over-2', 'kl-per-element'],
      edges: ['encoder.2.mul logvar', 'logvar logvar-over-2', 'logvar kl-per-element'],
    });
    expect(of('x').height).toBeLessThan(of('logvar').height);
    expect(of('loss').ids).toEqual(['reconstruction', 'weighted-kl', 'loss']);
  });

  it('writes labels in short lines', () => {
    expect(linesOf('squared error per pixel')).toEqual(['squared error', 'per pixel']);
    expect(linesOf('z')).toEqual(['z']);
  });
});

describe('a position in the batch', () => {
  it('is fitted to each shape by what its dimensions count', () => {
    const sizes = { batch: 128, features: 784, outputs: 1568, latent: 2 };
    const position = { example: 100, pixel: 300, dimension: 1, unit: 70, input: 9 };
    const at = (shape: number[], kind: Parameters<typeof axesOf>[1] = 'value') => {
      const axes = axesOf(shape, kind, sizes);
      return [axes.join(), elementAt(shape, axes, position)];
    };
    expect([at([128, 784]), at([128, 2]), at([128, 64]), at([128]), at([2]), at([])]).toEqual([
      ['example,pixel', [100, 300]],
      ['example,dimension', [100, 1]],
      ['example,unit', [100, 63]],
      ['example', [100]],
      ['dimension', [1]],
      ['', []],
    ]);
    const parameter = (shape: number[]) => at(shape, 'parameter');
    expect([parameter([128, 784]), parameter([64, 128]), parameter([2, 64]), parameter([128])]).toEqual([
      ['unit,pixel', [70, 300]],
      ['unit,input', [63, 9]],
      ['dimension,input', [1, 9]],
      ['unit', [70]],
    ]);
    // What a convolution makes is a multiple of the pixels, and no image.
    expect([at([128, 3136]), at([128, 1568])]).toEqual([
      ['example,unit', [100, 70]],
      ['example,pixel', [100, 300]],
    ]);
    expect([at([128, 32, 14, 14]), parameter([32, 16, 3, 3]), at([32, 16, 3, 3], 'transposed')]).toEqual([
      ['example,channel,row,column', [100, 0, 7, 7]],
      ['channel,input,row,column', [0, 9, 1, 1]],
      ['input,channel,row,column', [9, 0, 1, 1]],
    ]);
  });
});

describe('tokensOf', () => {
  const written = (text: string) =>
    tokensOf(text)
      .map(({ kind, text: piece }) => ({ text: piece, lowered: `_${piece}`, raised: `^${piece}` })[kind])
      .join('');

  it('sets a formula as people write it', () => {
    expect(written('dL/dz[3,1] = sum_k(x[3,k] * w[1,k]) - 2')).toBe('∂L/∂z_3,1 = ∑_k (x_3,k · w_1,k) − 2');
    expect(written('dKL/d(KL per element)[i,j] * mean[i,j]^2')).toBe(
      '∂KL/∂(KL per element)_i,j · mean_i,j^2',
    );
    expect(written('(-0.5) * exp(-logvar[0,0]) + 1e-7')).toBe('(−0.5) · exp(−logvar_0,0) + 1e-7');
    expect(written('')).toBe('');
  });
});

describe('numbers in pictures', () => {
  it('are counted by bins, odd ones apart', () => {
    const { counts, low, high, mean, odd } = histogramOf([0, 1, 2, 3, 4, Number.NaN], 4);
    expect({ counts, low, high, mean, odd }).toEqual({
      counts: [1, 1, 1, 2],
      low: 0,
      high: 4,
      mean: 2,
      odd: 1,
    });
    expect(histogramOf([5, 5], 3).counts).toEqual([2, 0, 0]);
    expect(histogramOf([Number.NaN], 3)).toMatchObject({ counts: [0, 0, 0], odd: 1 });
  });

  it('are shortened for labels', () => {
    expect([0, 1.23456, -0.000123456, 1e9, Number.NaN].map((x) => typesetNumber(x))).toEqual([
      '0',
      '1.235',
      '−1.235e−4',
      '1e9',
      'NaN',
    ]);
  });
});
