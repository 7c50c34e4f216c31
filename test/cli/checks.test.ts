import { describe, expect, it } from 'vitest';
import { createOp, mul, same, sin, stopGradient } from '../../src/autograd/index.js';
import { checkOp, opsInOrder } from '../../src/cli/commands/check-op.js';
import { formatTable } from '../../src/cli/table.js';
import { map1 } from '../../src/tensor/kernels/elementwise.js';

const options = { draws: 2, seed: 0, tolerance: 1e-7 };

describe('checkOp', () => {
  it('passes a right rule, and one that is declared to have no derivative', () => {
    expect(checkOp(sin.op, options)).toMatchObject({ op: 'sin', passed: true, message: '' });
    expect(checkOp(sin.op, options).cases).toBeGreaterThan(0);
    expect(checkOp(stopGradient.op, options)).toMatchObject({ passed: true, worst: 0 });
  });

  it('catches a wrong rule, and a derivative where none is declared', () => {
    const spec = {
      name: 'triple',
      doc: '3x',
      arity: 1,
      shape: same,
      forward: map1((x: number) => 3 * x),
      saves: [],
    } as const;
    const domain = { inputs: [{ range: [-1, 1] as const }], cases: [{ shapes: [[3]] }] };
    const wrong = createOp({ ...spec, vjp: [(g) => mul(g, 3.03)], domain });
    const result = checkOp(wrong.op, options);
    expect(result.passed).toBe(false);
    expect(result.worst).toBeGreaterThan(0.005);
    expect(result.message).toContain("'triple', input 0");
    const unexpected = createOp({ ...spec, vjp: [(g) => g], domain: { ...domain, derivative: 'none' } });
    expect(checkOp(unexpected.op, options)).toMatchObject({ passed: false });
  });

  it('knows every op, the trick among them', () => {
    const names = opsInOrder().map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(names).toContain('matmul');
  });
});

describe('formatTable', () => {
  it('aligns columns', () => {
    expect(
      formatTable({
        columns: [
          { title: 'op', align: 'left' },
          { title: 'error', align: 'right' },
        ],
        rows: [
          ['matmul', '1'],
          ['exp', '100'],
        ],
      }),
    ).toBe('op      error\n------  -----\nmatmul      1\nexp       100');
  });
});
