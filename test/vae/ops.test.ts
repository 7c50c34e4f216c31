import { describe, expect, it } from 'vitest';
import { describeOp } from '../../src/testing/index.js';
import * as vae from '../../src/vae.js';
import { opsIn } from '../autograd/ops/exported.js';

const ops = opsIn(vae);

it('are exported, each with a case to test', () => {
  for (const op of ops) expect(op.domain.cases.length, op.name).toBeGreaterThan(0);
  expect(ops.length).toBeGreaterThanOrEqual(3);
});

for (const op of ops) describeOp(op, { describe, it }, { seed: 1 });
