import { type Op, registeredOps } from '../../autograd/index.js';
import { attributeNumbers, trace } from '../../autograd/trace.js';
import type { Program } from '../../program/program.js';
import type { Tensor } from '../../tensor/tensor.js';

/*
 * The formulas of elementwise ops and of their derivative rules, read off the ops themselves. What is not elementwise (sums,
 * matrix products) is written out in derive.ts: such ops have loops, and no program.
 */

/** A call of an op, as it is told from others. */
const keyOf = (name: string, attributes: unknown): string => `${name} ${Object.entries(Object(attributes))}`;

const known = new Map<string, Program | null>();

/** What `make` gives for a key, made once. */
function once(key: string, make: () => Program | null): Program | null {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
}

const opNamed = (name: string): Op | undefined => registeredOps().find((op) => op.name === name);
const isElementwise = (op: Op): op is Op & { readonly arity: 1 | 2 | 3 } =>
  op.arity !== 'many' && (op.primitive !== undefined || op.traced !== undefined);

/** What an elementwise op computes from its inputs; null for another op. */
export const programOf = (name: string, attributes: unknown): Program | null =>
  once(keyOf(name, attributes), () => {
    const op = opNamed(name);
    if (op === undefined || !isElementwise(op)) return null;
    const sources = Array.from({ length: op.arity }, (_, input) => ({ input }));
    if (op.primitive !== undefined) {
      const steps = [{ primitive: op.primitive, sources }];
      return { name, inputs: op.arity, steps, outputs: [{ step: 0 }] };
    }
    const body = op.traced?.(attributes);
    if (body === undefined) return null;
    // Attributes become constants.
    const numbers = attributeNumbers(name, attributes);
    const { arity } = op;
    const place = (source: Program['outputs'][number]) => {
      if (!('input' in source)) return source;
      const input = body.used[source.input];
      return input < arity ? { input } : { constant: numbers[input - arity] };
    };
    const steps = body.program.steps.map((step) => ({ ...step, sources: step.sources.map(place) }));
    return { name, inputs: arity, steps, outputs: body.program.outputs.map(place) };
  });

/**
 * What the rule of an elementwise op gives for an input, from the gradient of the output, the inputs and the output; null for
 * another op, and for an input that no gradient flows to.
 */
export const ruleOf = (name: string, input: number, attributes: unknown): Program | null =>
  once(`${keyOf(name, attributes)} by ${input}`, () => {
    const op = opNamed(name);
    if (op === undefined || !isElementwise(op) || !op.differentiable(input)) return null;
    const rule = ([g, ...rest]: readonly Tensor[]): readonly Tensor[] => {
      const inputs = rest.slice(0, op.arity);
      const [a, b] = inputs;
      const shapes = inputs.map(() => []);
      const saved = { x: a, a, b, inputs, y: rest[op.arity], attributes, shapes, dtype: g.dtype };
      return [op.vjp(input, g, { ...saved, shared: (_, compute) => compute() })];
    };
    return trace(`the rule of ${name}`, rule, op.arity + 2, 'all').program;
  });
