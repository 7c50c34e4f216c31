import fc from 'fast-check';
import { noGrad } from '../autograd/apply.js';
import { topologicalOrder } from '../autograd/backward.js';
import type { Op, Saved } from '../autograd/op.js';
import { mul } from '../autograd/ops/arithmetic.js';
import { checkOptions } from '../tensor/known-options.js';
import { sameShape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { type OpCase, type OpLike, opCases, opOf } from './arbitraries.js';
import type { OpSample } from './draw.js';
import { applySample, cotangentLike, replaceSaved, traceRule } from './trace.js';

/** The ways to mutate a derivative rule. */
export type MutationKind = 'scaled' | 'negated' | 'zeroed' | 'node replaced' | 'operands exchanged';

/** An op with one wrong derivative rule. */
export interface MutatedOp {
  /** `exp, input 0: scaled by 1.01`. */
  readonly name: string;
  readonly kind: MutationKind;
  /** Index of the input with the wrong rule; null for all inputs of an op with one rule for them. */
  readonly input: number | null;
  /** Not registered; for checks of the first derivative. */
  readonly op: Op;
}

/** A wrong rule; where shapes do not permit it, it returns the right gradient. */
type Mutation = (op: Op, input: number, g: Tensor, saved: Saved<unknown>) => Tensor;

interface Candidate {
  readonly what: string;
  readonly kind: MutationKind;
  readonly mutation: Mutation;
}

const times =
  (factor: number): Mutation =>
  (op, input, g, saved) =>
    mul(op.vjp(input, g, saved), factor);

const always: readonly Candidate[] = [
  { what: 'scaled by 1.01', kind: 'scaled', mutation: times(1.01) },
  { what: 'sign flipped', kind: 'negated', mutation: times(-1) },
  { what: 'zero', kind: 'zeroed', mutation: times(0) },
];

/** The rule with two of the saved inputs swapped. */
function exchanged(a: number, b: number): Mutation {
  return (op, input, g, saved) => {
    const { shapes } = saved;
    const fits = op.saves.includes('inputs') && b < shapes.length && sameShape(shapes[a], shapes[b]);
    if (!fits) return op.vjp(input, g, saved);
    const swapped = saved.inputs.map((x, k) => (k === a ? saved.inputs[b] : k === b ? saved.inputs[a] : x));
    return op.vjp(input, g, replaceSaved(saved, swapped, null));
  };
}

/** The rule with node number `at` of its graph (an application of `name`) replaced by that node's input `by`. */
function nodeReplaced(at: number, name: string, by: number): Mutation {
  return (op, input, g, saved) => {
    const { gradient } = traceRule(op, input, g, saved);
    const values = new Map<Tensor, Tensor>();
    const current = (t: Tensor): Tensor => values.get(t) ?? t;
    topologicalOrder(gradient).forEach(({ tensor, node }, position) => {
      if (node.op === null) return;
      const inputs = node.inputs.map(current);
      if (
        position === at &&
        node.op.name === name &&
        by < inputs.length &&
        sameShape(inputs[by].shape, tensor.shape)
      ) {
        values.set(tensor, inputs[by]);
        return;
      }
      const out = Tensor.empty(tensor.shape, tensor.dtype);
      node.op.forward(out, inputs, node.attributes);
      values.set(tensor, out);
    });
    const result = current(gradient);
    return new Tensor(result.data, result.shape);
  };
}

/** Every node of a rule's graph that has an input of its own shape, as a mutation. */
function nodeCandidates(op: Op, input: number, g: Tensor, saved: Saved<unknown>): [key: string, Candidate][] {
  const found: [string, Candidate][] = [];
  topologicalOrder(traceRule(op, input, g, saved).gradient).forEach(({ tensor, node }, position) => {
    const { op: inner, inputs } = node;
    if (inner === null) return;
    inputs.forEach((x, by) => {
      if (!sameShape(x.shape, tensor.shape)) return;
      const what = `${inner.name} (node ${position}) replaced by its input ${by}`;
      const mutation = nodeReplaced(position, inner.name, by);
      found.push([`${position} ${inner.name} ${by}`, { what, kind: 'node replaced', mutation }]);
    });
  });
  return found;
}

/** A sample with the arguments of a rule. */
interface RuleCall {
  readonly g: Tensor;
  readonly saved: Saved<unknown>;
  readonly inputs: number;
}

function ruleCall(op: Op, sample: OpSample): RuleCall {
  const { output, saved } = applySample(op, sample);
  const g = cotangentLike(output.shape, 'float64', sample.seed);
  return { g, saved, inputs: sample.inputs.length };
}

/** Whether two gradients differ by more than 1e-4 of the larger one's largest element. */
function differs(right: Tensor, wrong: Tensor): boolean {
  if (!sameShape(right.shape, wrong.shape)) return true;
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < right.size; i++) {
    if (!Number.isFinite(wrong.data[i])) return true;
    largest = Math.max(largest, Math.abs(right.data[i]), Math.abs(wrong.data[i]));
    difference = Math.max(difference, Math.abs(right.data[i] - wrong.data[i]));
  }
  return difference > 1e-4 * largest;
}

/** Options of {@link mutants}. */
export interface MutantOptions {
  /** Random calls of each case on which rules are compared. Defaults to 30. */
  readonly numRuns?: number;
  /** Seed of these calls. Defaults to 0. */
  readonly seed?: number;
}

/** The op with a mutated rule for one input, or for all when `target` is null. */
function mutate(op: Op, target: number | null, { what, kind, mutation }: Candidate): MutatedOp {
  const where = target === null ? 'every input' : `input ${target}`;
  return {
    name: `${op.name}, ${where}: ${what}`,
    kind,
    input: target,
    op: {
      ...op,
      vjp: (input, g, saved) =>
        target === null || input === target ? mutation(op, input, g, saved) : op.vjp(input, g, saved),
    },
  };
}

/** The mutations of one rule that change its result on some call. */
function candidatesFor(op: Op, calls: readonly RuleCall[], target: number | null): Candidate[] {
  const inputsOf = (call: RuleCall): number[] =>
    target === null ? Array.from({ length: call.inputs }, (_, k) => k) : [target];
  const found = new Map<string, Candidate>();
  const mostInputs = Math.max(0, ...calls.map((call) => call.inputs));
  for (let a = 0; a < mostInputs; a++) {
    for (let b = a + 1; b < mostInputs; b++) {
      const what = `saved inputs ${a} and ${b} exchanged`;
      found.set(what, { what, kind: 'operands exchanged', mutation: exchanged(a, b) });
    }
  }
  for (const call of calls) {
    for (const k of inputsOf(call)) {
      for (const [key, candidate] of nodeCandidates(op, k, call.g, call.saved))
        if (!found.has(key)) found.set(key, candidate);
    }
  }
  const changes = ({ mutation }: Candidate): boolean =>
    calls.some((call) =>
      inputsOf(call).some((k) => differs(op.vjp(k, call.g, call.saved), mutation(op, k, call.g, call.saved))),
    );
  return [...always, ...noGrad(() => [...found.values()].filter(changes))];
}

/**
 * Wrong versions of an op, to test the tests with: each rule scaled by 1.01, with its sign flipped, and zero; with
 * each node of what it computes replaced by one of that node's inputs (a factor or a term dropped, a function left out);
 * and with saved operands exchanged. Those of the last two kinds that never change the gradient by more than 1e-4 of
 * its largest element on random calls are equivalent, and are left out. An op without a derivative has none.
 */
export function mutants(op: OpLike, options: MutantOptions = {}): MutatedOp[] {
  checkOptions(options, ['numRuns', 'seed'], 'mutants');
  const { numRuns = 30, seed = 0 } = options;
  const resolved = opOf(op);
  if (resolved.domain.derivative === 'none') return [];
  const calls = opCases(resolved)
    .flatMap(({ samples }: OpCase) => fc.sample(samples, { numRuns, seed }))
    .map((sample) => ruleCall(resolved, sample));
  const targets =
    resolved.arity === 'many' ? [null] : Array.from({ length: resolved.arity }, (_, input) => input);
  return targets
    .filter((target) => resolved.differentiable(target ?? 0))
    .flatMap((target) => candidatesFor(resolved, calls, target).map((c) => mutate(resolved, target, c)));
}
