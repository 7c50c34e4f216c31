import { describe, expect, it } from 'vitest';
import * as nn from '../../src/nn.js';
import { describeOp } from '../../src/testing/index.js';
import { opsIn } from '../autograd/ops/exported.js';

const ops = opsIn(nn);

it('are exported, each with a case to test', () => {
  for (const op of ops) expect(op.domain.cases.length, op.name).toBeGreaterThan(0);
  expect(ops.length).toBeGreaterThanOrEqual(2);
});

for (const op of ops) describeOp(op, { describe, it }, { seed: 1 });
