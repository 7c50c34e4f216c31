import { afterAll, describe, expect, it } from 'vitest';
import { registeredOps } from '../../../src/autograd/define-op.js';
import type { Op } from '../../../src/autograd/op.js';
import * as ops from '../../../src/autograd/ops/index.js';
import * as engine from '../../../src/index.js';
import * as nn from '../../../src/nn.js';
import { opProperties } from '../../../src/testing/index.js';
import * as vae from '../../../src/vae.js';
import { isOpFunction, opsIn } from './exported.js';

/** Ops are exported by these entries. */
const library = { ...engine, ...nn, ...vae };

/** Another seed draws other cases: FC_SEED=7 npx vitest run test/autograd/ops/registry.test.ts */
const { FC_SEED = '1' } = process.env;
const seed = Number(FC_SEED);

/** Where one element dominates, x - log(1 + little) cancels; every other op stays within 8 roundings in float32. */
const LOOSER: Readonly<Record<string, number>> = { logSoftmax: 16 };

const names = (list: readonly Op[]): string[] => list.map(({ name }) => name).sort();

const total = { cases: 0, worst: 0, worstOp: '' };

describe('the registry', () => {
  it('holds every exported op, and every registered op is exported', () => {
    expect(opsIn(ops).length).toBeGreaterThanOrEqual(40);
    for (const op of opsIn(ops)) expect(registeredOps()).toContain(op);
    expect(names(opsIn(library))).toEqual(names(registeredOps()));
    expect(new Set(opsIn(library))).toEqual(new Set(registeredOps()));
  });

  it('knows each op by the name it is exported under', () => {
    const differing = Object.entries(library).filter(([name, x]) => isOpFunction(x) && x.op.name !== name);
    expect(differing.map(([name]) => name)).toEqual([]);
  });

  it('has a one-line doc and a case to test for each op', () => {
    for (const op of registeredOps()) {
      expect(op.doc, op.name).toMatch(/^[^\n]{4,}\.$/);
      expect(op.domain.cases.length, op.name).toBeGreaterThan(0);
    }
  });
});

// Those of nn and vae are tested there.
describe.each(opsIn(engine).map((op) => [op.name, op] as const))('%s', (name, op) => {
  const properties = opProperties(op, { seed, float32Roundings: LOOSER[name] ?? 8 });
  it.each(properties.map((property) => [property.name, property] as const))('%s', (_, property) => {
    const { cases, worst } = property.run();
    expect(cases).toBe(30);
    total.cases += cases;
    if (property.kind.endsWith('derivative') && worst > total.worst) {
      total.worst = worst;
      total.worstOp = `${name}, ${property.name}`;
    }
  });
});

describe('all ops together', () => {
  it('are checked on at least 10,000 generated cases, to 1e-7', () => {
    expect(total.cases).toBeGreaterThanOrEqual(10_000);
    expect(total.worst).toBeGreaterThan(0);
    expect(total.worst).toBeLessThanOrEqual(1e-7);
  });
});

afterAll(() => {
  const worst = total.worst.toExponential(1);
  console.log(`${total.cases} cases, worst relative error ${worst}, in ${total.worstOp} (seed ${seed})`);
});
