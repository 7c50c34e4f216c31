import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/page/state/address.js';
import { walkCalls } from '../../src/page/worker/calls/walk.js';
import type { Lab } from '../../src/page/worker/lab.js';
import { Session } from '../../src/page/worker/session.js';

const { settings } = parseAddress('#/step?count=128&latent=3&likelihood=bernoulli').address;
const session = new Session(settings);
const lab: Lab = { session, emit: () => {} };
const position = { row: 2, column: 1 };
const open = (epsilon: string) => walkCalls.walkOpen(lab, { epsilon, unfolded: [], position });

describe('the calls of Step through', () => {
  it('give one walk for one step and one noise, another for another', () => {
    const first = open('frozen');
    expect(first).toMatchObject({ at: 0, batch: 128, latent: 3, beta: 1 });
    expect(open('frozen').walk).toBe(first.walk);
    expect(walkCalls.walkNode(lab, { epsilon: 'frozen', id: 'z' }).walk).toBe(first.walk);
    const zero = open('zero');
    expect(zero.walk).not.toBe(first.walk);
    session.advance();
    const next = open('zero');
    expect(next.at).toBe(1);
    expect(next.walk).not.toBe(zero.walk);
  });

  it('tell of each node what the arrays have at the chosen position', () => {
    const picture = open('redrawn-1');
    for (const node of picture.nodes) {
      const arrays = walkCalls.walkNode(lab, { epsilon: 'redrawn-1', id: node.id });
      const [row, column] = [node.element.at(-2) ?? 0, node.element.at(-1) ?? 0];
      const at = node.shape.length === 2 ? row * node.shape[1] + column : column;
      expect(node.value).toBe(arrays.value[at]);
      expect(node.gradient.kl).toBe(arrays.kl?.[at] ?? null);
      expect(node.magnitudes.total === null).toBe(arrays.total === null);
    }
    expect(picture.nodes.find(({ id }) => id === 'z')?.element).toEqual([2, 1]);
    expect(picture.backward[0]).toBe('loss');
  });

  it('hand out arrays that are the caller’s own', () => {
    const once = walkCalls.walkNode(lab, { epsilon: 'frozen', id: 'mean' });
    const before = once.value[0];
    once.value.fill(7);
    expect(walkCalls.walkNode(lab, { epsilon: 'frozen', id: 'mean' }).value[0]).toBe(before);
    expect(once.value.buffer.byteLength).toBe(once.value.byteLength);
  });

  it('set the noise that is asked for, and refuse what is none', () => {
    const sampled = open('zero');
    const logvar = sampled.nodes.find(({ id }) => id === 'logvar');
    expect(Math.abs(logvar?.gradient.reconstruction ?? 1)).toBe(0);
    expect(logvar?.gradient.kl).not.toBe(0);
    expect(() => open('cold')).toThrow("there is no noise 'cold'");
    expect(() => walkCalls.walkNode(lab, { epsilon: 'zero', id: 'q' })).toThrow("no node 'q'");
    const empty: Lab = { session: null, emit: () => {} };
    expect(() => walkCalls.walkOpen(empty, { epsilon: 'zero', unfolded: [], position })).toThrow(
      'no model yet',
    );
  });

  it('explain with the numbers of the position', () => {
    const found = walkCalls.walkExplain(lab, { epsilon: 'frozen', id: 'z', position, origin: 'total' });
    expect(found.forward?.left).toBe('z[2,1]');
    expect(found.forward?.computed).toBe(found.forward?.engine);
  });
});
