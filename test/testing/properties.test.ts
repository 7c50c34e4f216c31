import { describe, expect, it } from 'vitest';
import { noGrad } from '../../src/autograd/apply.js';
import { createOp, defineOp } from '../../src/autograd/define-op.js';
import type { OpSpec } from '../../src/autograd/op.js';
import { abs, add, div, exp, mul, neg, square } from '../../src/autograd/ops/index.js';
import { map1 } from '../../src/tensor/kernels/elementwise.js';
import { describeOp, opProperties, type PropertyKind } from '../../src/testing/index.js';

/** An op as a reader of the guide would write it. */
const softsign = defineOp({
  name: 'softsign',
  doc: 'x / (1 + |x|), elementwise.',
  arity: 1,
  shape: ([x]) => x,
  forward: map1({
    f32: (x) => Math.fround(x / Math.fround(1 + Math.abs(x))),
    f64: (x) => x / (1 + Math.abs(x)),
  }),
  saves: ['inputs'],
  vjp: [(g, { x }) => div(g, square(add(abs(x), 1)))],
  domain: { inputs: [{ range: [-3, 3], kinks: [0] }], cases: [{ shapes: 'any' }] },
});

describeOp(softsign, { describe, it }, { numRuns: 20 });

type Spec = Extract<OpSpec<1, never, undefined>, { forward: unknown }>;

/** The cube, right in all respects but those given. */
const cube = (changes: Partial<Spec> = {}) =>
  createOp<1>({
    name: 'cube',
    doc: 'x^3, elementwise.',
    arity: 1,
    shape: ([x]) => x,
    forward: map1((x) => x * x * x),
    saves: ['inputs'],
    vjp: [(g, { x }) => mul(g, mul(square(x), 3))],
    domain: { inputs: [{ range: [-2, 2] }], cases: [{ shapes: [['n']] }] },
    ...changes,
  });

/** Which properties fail, with their messages. */
function failures(op: ReturnType<typeof cube>, shrink = true): Map<PropertyKind, string> {
  const found = new Map<PropertyKind, string>();
  for (const property of opProperties(op, { seed: 11, numRuns: 20, shrink })) {
    try {
      property.run();
    } catch (error) {
      found.set(property.kind, error instanceof Error ? error.message : '');
    }
  }
  return found;
}

describe('opProperties', () => {
  it('names a test for each property of each case, and says what it measured', () => {
    const properties = opProperties(cube(), { seed: 5, numRuns: 12 });
    expect(properties.map(({ name }) => name)).toEqual([
      'first derivative: [n]',
      'second derivative: [n]',
      'float32 against float64: [n]',
      'shapes: [n]',
    ]);
    const results = properties.map((property) => property.run());
    expect(results.map(({ cases }) => cases)).toEqual([12, 12, 12, 12]);
    expect(results[0].worst).toBeGreaterThan(0);
    expect(results[0].worst).toBeLessThan(1e-7);
    expect(results[2].worst).toBeLessThan(4);
  });

  it('finds nothing wrong with a right op', () => {
    expect([...failures(cube())]).toEqual([]);
  });

  it('gives the wrong derivative, the simplest call that shows it, and the seed', () => {
    const message = failures(cube({ vjp: [(g, { x }) => mul(g, square(x))] })).get('first derivative');
    expect(message).toMatch(/^gradcheck failed: 'cube', input 0, element \[0\]: analytic/);
    expect(message).toContain('for cube, [n]');
    expect(message).toContain('seed: 11');
    expect(message).toMatch(/Counterexample: .*float64 \[1\]/s);
    const quick = failures(cube({ vjp: [(g) => g] }), false).get('first derivative');
    expect(quick).toContain('Shrunk 0 time(s)');
  });

  it('finds a rule that cannot be differentiated again', () => {
    const found = failures(
      cube({
        vjp: [
          (g, { x }) =>
            mul(
              g,
              noGrad(() => mul(square(x), 3)),
            ),
        ],
      }),
    );
    expect([...found.keys()]).toEqual(['second derivative']);
    expect(found.get('second derivative')).toContain("gradient of 'cube', input 0, element [0]");
  });

  it('finds a float32 kernel that is not the float64 one', () => {
    const forward = map1({ f32: (x) => x * x * x * (1 + 1e-5), f64: (x) => x * x * x });
    const found = failures(cube({ forward }));
    expect([...found.keys()]).toEqual(['float32 against float64']);
    expect(found.get('float32 against float64')).toMatch(
      /^'cube', output, element \d of \[\d\]: float32 gave \S+, float64 \S+: \d+(\.\d+)? roundings .*\(allowed 16\)/,
    );
  });

  it('finds a rule that loses digits in float32', () => {
    const lossy = failures(cube({ vjp: [(g, { x }) => mul(g, add(add(mul(square(x), 3), 1e4), -1e4))] }));
    expect([...lossy.keys()]).toContain('float32 against float64');
    expect(lossy.get('float32 against float64')).toContain('gradient of input 0');
  });

  it('finds kernels that write into their inputs, differ from run to run, or leave NaN', () => {
    const writing = failures(
      cube({
        forward: (out, [x]) => {
          x.data.fill(1);
          out.data.fill(1);
        },
      }),
    );
    expect(writing.get('shapes')).toContain("'cube': writes into its input 0");
    let calls = 0;
    const counting = failures(cube({ forward: (out) => out.data.fill(++calls) }));
    expect(counting.get('shapes')).toContain('two runs on the same inputs differ');
    expect(counting.get('first derivative')).toContain('not deterministic');
    const blank = failures(cube({ forward: (out) => out.data.fill(Number.NaN) }));
    expect(blank.get('shapes')).toContain('the output is not finite inside the domain');
  });

  it('finds a gradient of the wrong shape', () => {
    const found = failures(cube({ vjp: [(g) => (exp(mul(g, 0)).shape.length > 5 ? g : square(2))] }));
    expect(found.get('shapes')).toMatch(/cube: the rule for input 0 gave/);
  });

  it('finds a step that claims a derivative, and the other way round', () => {
    const domain: Spec['domain'] = {
      inputs: [{ range: [-2, 2], kinks: [0] }],
      cases: [{ shapes: [['n']] }],
      derivative: 'none',
    };
    const step = { forward: map1(Math.sign), domain };
    expect([...failures(cube({ ...step, vjp: ['constant'] }))]).toEqual([]);
    const found = failures(cube({ ...step, saves: [], vjp: [(g) => neg(g)] }));
    expect(found.get('no derivative')).toContain(
      "'cube': is declared to have no derivative, but input 0 gets",
    );
  });

  it('takes an op as well as its function', () => {
    expect(opProperties(exp.op).map(({ name }) => name)).toEqual(opProperties(exp).map(({ name }) => name));
  });
});

describe('describeOp', () => {
  it('declares one suite with one test per property', () => {
    const names: string[] = [];
    const runner = {
      describe: (name: string, body: () => void) => {
        names.push(name);
        body();
      },
      it: (name: string, body: () => void) => {
        names.push(`  ${name}`);
        body();
      },
    };
    describeOp(cube(), runner, { numRuns: 2, seed: 1 });
    expect(names).toEqual(['cube', ...opProperties(cube()).map(({ name }) => `  ${name}`)]);
    expect(() => describeOp(cube({ vjp: [(g) => g] }), runner, { seed: 1 })).toThrow(/gradcheck failed/);
  });
});
