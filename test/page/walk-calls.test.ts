import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/page/state/address.js';
import { walkCalls } from '../../src/page/worker/calls/walk.js';
import type { Lab } from '../../src/page/worker/lab.js';
import { Session } from '../../src/page/worker/session.js';
import type { TrickMode } from '../../src/study/index.js';
import { advance } from './advance.js';

const { settings } = parseAddress('#/step?count=128&latent=3&likelihood=bernoulli').address;
const session = new Session(settings);
const lab: Lab = { session, emit: () => {} };
const position = { example: 2, pixel: null, dimension: 1, unit: 3, input: 5 };
const choice = (epsilon: string, trick: TrickMode = 'with') => ({ epsilon, trick });
const open = (epsilon: string, trick?: TrickMode) =>
  walkCalls.walkOpen(lab, { ...choice(epsilon, trick), unfolded: [], position });

describe('the calls of Step through', () => {
  it('give one walk for one step and one noise, another for another', () => {
    const first = open('frozen');
    expect(first).toMatchObject({ at: 0, batch: 128, latent: 3, beta: 1 });
    expect(open('frozen').walk).toBe(first.walk);
    expect(walkCalls.walkNode(lab, { ...choice('frozen'), id: 'z' }).walk).toBe(first.walk);
    const zero = open('zero');
    expect(zero.walk).not.toBe(first.walk);
    advance(session);
    const next = open('zero');
    expect(next.at).toBe(1);
    expect(next.walk).not.toBe(zero.walk);
  });

  it('tell of each node what the arrays have at the chosen position', () => {
    const picture = open('redrawn-1');
    for (const node of picture.nodes) {
      const arrays = walkCalls.walkNode(lab, { ...choice('redrawn-1'), id: node.id });
      const at = node.element.reduce((flat, index, d) => flat * node.shape[d] + index, 0);
      expect(node.value).toBe(arrays.value[at]);
      expect(node.gradient.kl).toBe(arrays.kl?.[at] ?? null);
      expect(node.magnitudes.total === null).toBe(arrays.total === null);
    }
    const elementOf = (name: string) => picture.nodes.find(({ id }) => id === name)?.element;
    expect([elementOf('z'), elementOf('mean.weight'), elementOf('loss')]).toEqual([[2, 1], [1, 5], []]);
    expect(picture.backward[0]).toBe('loss');
  });

  it('hand out arrays that are the caller’s own', () => {
    const once = walkCalls.walkNode(lab, { ...choice('frozen'), id: 'mean' });
    const before = once.value[0];
    once.value.fill(7);
    expect(walkCalls.walkNode(lab, { ...choice('frozen'), id: 'mean' }).value[0]).toBe(before);
    expect(once.value.buffer.byteLength).toBe(once.value.byteLength);
  });

  it('set the noise that is asked for, and refuse what is none', () => {
    const sampled = open('zero');
    const logvar = sampled.nodes.find(({ id }) => id === 'logvar');
    expect(Math.abs(logvar?.gradient.reconstruction ?? 1)).toBe(0);
    expect(logvar?.gradient.kl).not.toBe(0);
    expect(() => open('cold')).toThrow("there is no noise 'cold'");
    expect(() => walkCalls.walkNode(lab, { ...choice('zero'), id: 'q' })).toThrow("no node 'q'");
    const empty: Lab = { session: null, emit: () => {} };
    expect(() => walkCalls.walkImages(empty, choice('zero'))).toThrow('no model yet');
  });

  it('look at an inked pixel of the chosen image, unless another is chosen', () => {
    const { pixels } = walkCalls.walkImages(lab, choice('frozen'));
    expect(pixels).toHaveLength(128 * 784);
    const element = (pixel: number | null) =>
      walkCalls
        .walkOpen(lab, { ...choice('frozen'), unfolded: [], position: { ...position, pixel } })
        .nodes.find(({ id }) => id === 'x')?.element ?? [];
    const [example, inked] = element(null);
    expect(example).toBe(2);
    expect(pixels[2 * 784 + inked]).toBeGreaterThan(127);
    expect([element(5), element(9999)]).toEqual([
      [2, 5],
      [2, 783],
    ]);
  });

  it('pass back through the same nodes without the trick, where the reconstruction sends nothing', () => {
    const [own, without, score] = (['with', 'without', 'score'] as const).map((trick) =>
      open('frozen', trick),
    );
    expect(without.backward).toEqual(own.backward);
    const at = (picture: typeof own, name: string) => picture.nodes.find(({ id }) => id === name);
    for (const name of ['mean', 'logvar', 'sigma', 'logvar-over-2', 'sigma-times-epsilon']) {
      expect(at(own, name)?.gradient.reconstruction).not.toBe(0);
      expect(at(without, name)?.gradient.reconstruction, name).toBeNull();
      expect(at(without, name)?.value).toBe(at(own, name)?.value);
      expect(at(without, name)?.gradient.kl).toBe(at(own, name)?.gradient.kl);
    }
    expect(at(without, 'z')).toMatchObject({ role: 'held', gradient: at(own, 'z')?.gradient });
    expect(without.arrows.filter(({ isCut }) => isCut).map(({ from, to }) => `${from} ${to}`)).toEqual([
      'mean z',
      'sigma-times-epsilon z',
    ]);
    expect(at(score, 'z')?.gradient.total).toBeNull();
    expect(at(score, 'mean')?.gradient.reconstruction).not.toBe(at(own, 'mean')?.gradient.reconstruction);
  });

  it('explain with the numbers of the position', () => {
    const found = walkCalls.walkExplain(lab, {
      ...choice('frozen'),
      id: 'z',
      position,
      origin: 'total',
      unfolded: [],
    });
    expect(found.forward?.left).toBe('z[2,1]');
    expect(found.forward?.computed).toBe(found.forward?.engine);
  });
});
