import { describe, expect, it } from 'vitest';
import { registeredOps } from '../../../src/autograd/define-op.js';
import type { Op } from '../../../src/autograd/op.js';
import '../../../src/nn.js';
import { type MutatedOp, mutants, opProperties } from '../../../src/testing/index.js';
import '../../../src/vae.js';

/** What the generated first-derivative tests say about an op, drawn with another seed than mutants are chosen with. */
function complaint(op: Op): string | null {
  for (const property of opProperties(op, { seed: 77, shrink: false })) {
    if (property.kind !== 'first derivative') continue;
    try {
      property.run();
    } catch (error) {
      return String(error);
    }
  }
  return null;
}

const differentiable = registeredOps().filter(({ domain }) => domain.derivative !== 'none');

const all: MutatedOp[] = [];

describe.each(differentiable.map((op) => [op.name, op] as const))('%s', (name, op) => {
  it('fails its generated tests whichever way its rules are made wrong', () => {
    const wrong = mutants(op);
    all.push(...wrong);
    const survivors = wrong.filter((mutant) => !complaint(mutant.op)?.includes(`'${name}'`));
    expect(survivors.map((mutant) => mutant.name)).toEqual([]);
    for (const kind of ['scaled', 'negated', 'zeroed']) {
      expect(wrong.some((mutant) => mutant.kind === kind)).toBe(true);
    }
  });
});

describe('all ops together', () => {
  it('are mutated in every way', () => {
    const count = (kind: string): number => all.filter((mutant) => mutant.kind === kind).length;
    expect(count('scaled')).toBeGreaterThanOrEqual(differentiable.length);
    expect(count('node replaced')).toBeGreaterThan(100);
    expect(count('operands exchanged')).toBeGreaterThan(10);
    expect(all.length).toBeGreaterThan(300);
  });

  it('has no mutant of an op without a derivative', () => {
    const flat = registeredOps().filter(({ domain }) => domain.derivative === 'none');
    expect(flat.map(({ name }) => name)).toContain('sign');
    expect(flat.flatMap((op) => mutants(op))).toEqual([]);
  });
});
