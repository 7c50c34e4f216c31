import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/page/state/address.js';
import { walkCalls } from '../../src/page/worker/calls/walk.js';
import type { Lab } from '../../src/page/worker/lab.js';
import { Session } from '../../src/page/worker/session.js';
import type { TrickMode } from '../../src/study/index.js';
import { registerBuiltInParts } from '../../src/vae/parts/built-in.js';
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

  it('show the window of a convolution, and where the gradient at its weight comes from', () => {
    registerBuiltInParts();
    const address = parseAddress('#/step?preset=conv2&channels=3,4&count=16').address;
    const conv: Lab = { session: new Session(address.settings), emit: () => {} };
    const place = { ...position, input: null, channel: null, row: 0, column: 5 };
    const asked = { ...choice('frozen'), position: place, origin: 'total' as const };
    const picture = walkCalls.walkOpen(conv, { ...choice('frozen'), unfolded: ['encoder'], position: place });
    expect(picture.shown.find(({ id }) => id === 'encoder.0')?.inputs).toEqual(['reshape']);
    for (const id of ['encoder.0', 'encoder.2', 'decoder.3', 'decoder.7']) {
      const node = picture.nodes.find((one) => one.id === id);
      const { of } = walkCalls.walkWindow(conv, { ...asked, id });
      expect(node?.axes).toEqual(['example', 'channel', 'row', 'column']);
      const value = of?.isRectified ? Math.max(of.total, 0) : of?.total;
      expect(value, id).toBeCloseTo(node?.value ?? Number.NaN, 5);
      const products = of?.taps.map((tap) => (tap.value ?? 0) * tap.weight) ?? [];
      expect(products.reduce((a, b) => a + b, 0)).toBeCloseTo(of?.sums[of.input] ?? Number.NaN, 5);
      // The first row has a row of taps above the image, or, where it is transposed, between the pixels.
      expect(
        of?.taps.some((tap) => tap.value === null),
        id,
      ).toBe(true);
      const weight = picture.nodes.find((one) => one.id === of?.weight);
      const seen = walkCalls.walkWindow(conv, { ...asked, id: of?.weight ?? '' });
      expect(seen.of).toBeNull();
      const total = seen.weight?.sums.reduce((a, b) => a + b, 0);
      const gradient = weight?.gradient.total ?? Number.NaN;
      expect(Math.abs((total ?? Number.NaN) - gradient), of?.weight).toBeLessThan(
        1e-4 * (1 + Math.abs(gradient)),
      );
      expect(seen.weight?.products.reduce((a, b) => a + b, 0)).toBeCloseTo(
        seen.weight?.sums[2] ?? Number.NaN,
        5,
      );
    }
    expect(walkCalls.walkWindow(conv, { ...asked, id: 'z' })).toMatchObject({ of: null, weight: null });
    // Of images, the numbers of one example.
    expect(walkCalls.walkNode(conv, { ...choice('frozen'), id: 'encoder.0', example: 2 }).value).toHaveLength(
      3 * 14 * 14,
    );
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
