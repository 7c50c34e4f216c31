import { vectorOps } from '../device/wasm/kernels/expressions.js';
import { describeValue } from '../tensor/describe.js';
import { Tensor } from '../tensor/tensor.js';
import { apply } from './apply.js';
import type { Arity, Op, Operand, OpFunction, OpSpec, RuleOrConstant } from './op.js';

const registry = new Map<string, Op>();

/** Every op defined so far, in order of definition. */
export const registeredOps = (): readonly Op[] => [...registry.values()];

/** Attributes are a plain object: `sum(x, 0)`, meaning an axis, would otherwise sum over all of them. */
function checkAttributes(given: unknown, name: string, takesAny: boolean): void {
  if (given === undefined) return;
  if (!takesAny) throw new TypeError(`${name}: takes no attributes, but got ${describeValue(given)}`);
  const plain = typeof given === 'object' && given !== null && !Array.isArray(given);
  if (!plain || given instanceof Tensor || ArrayBuffer.isView(given)) {
    throw new TypeError(
      `${name}: attributes are given by name, as in { axes: 0 }, but got ${describeValue(given)}`,
    );
  }
}

function buildOp<const N extends Arity, Given, Attributes>(
  spec: OpSpec<N, Given, Attributes>,
  registered: boolean,
): OpFunction<N, Given> {
  const { name } = spec;
  const arity: Arity = spec.arity;
  const rules = (
    typeof spec.vjp === 'function' ? [spec.vjp] : spec.vjp
  ) as readonly RuleOrConstant<Attributes>[];
  const rule = (input: number): RuleOrConstant<Attributes> | undefined => rules[arity === 'many' ? 0 : input];
  const op: Op<Attributes> = {
    name,
    registered,
    doc: spec.doc,
    arity,
    saves: spec.saves,
    domain: { inputs: [{ range: [-3, 3] }], ...spec.domain },
    attributes: (given, shapes) => {
      checkAttributes(given, name, spec.attributes !== undefined);
      if (spec.attributes === undefined) return undefined as Attributes;
      return spec.attributes(given as Given | undefined, shapes, name);
    },
    shape: (shapes, attributes) => spec.shape(shapes, attributes, name),
    forward: spec.forward,
    ...(spec.parts !== undefined && { parts: spec.parts }),
    differentiable: (input) => rule(input) !== 'constant',
    vjp: (input, g, saved) => {
      const vjp = rule(input);
      if (typeof vjp !== 'function') throw new Error(`${name}: has no derivative rule for input ${input}`);
      return vjp(g, saved, input);
    },
  };
  const call = (...args: unknown[]): Tensor => {
    if (args.length === arity) return apply(op, args as Operand[], undefined);
    const operands = arity === 'many' ? args[0] : args.slice(0, arity);
    const given = args[arity === 'many' ? 1 : arity];
    if (!Array.isArray(operands) || (arity !== 'many' && args.length < arity)) {
      const wanted = arity === 'many' ? 'a list of tensors' : `${arity} input${arity === 1 ? '' : 's'}`;
      throw new TypeError(
        `${name}: takes ${wanted}, but got ${args.length} argument${args.length === 1 ? '' : 's'}`,
      );
    }
    return apply(op, operands as Operand[], given);
  };
  return Object.assign(call, { op });
}

/** An op that is not registered: what {@link defineOp} builds, for tests that change an op on purpose. */
export function createOp<const N extends Arity, Given = never, Attributes = undefined>(
  spec: OpSpec<N, Given, Attributes>,
): OpFunction<N, Given> {
  return buildOp(spec, false);
}

/**
 * Declares an op: its formula, shape rule, plain kernel, what backward keeps, derivative rules, and the domain in
 * which they are tested. Everything else (finite-difference tests, reference table) is derived from this block.
 *
 * @example
 * export const exp = defineOp({
 *   name: 'exp', doc: 'e^x, elementwise.', arity: 1,
 *   shape: same, forward: map1(math.exp),
 *   saves: ['output'],
 *   vjp: [(g, { y }) => mul(g, y)],
 *   domain: { inputs: [{ range: [-3, 3] }], cases: [{ shapes: 'any' }] },
 * });
 * @throws Error when the name is taken.
 */
// @__NO_SIDE_EFFECTS__
export function defineOp<const N extends Arity, Given = never, Attributes = undefined>(
  spec: OpSpec<N, Given, Attributes>,
): OpFunction<N, Given> {
  if (registry.has(spec.name))
    throw new Error(`defineOp: an op named '${spec.name}' exists already; choose another name`);
  const defined = buildOp(spec, true);
  if (spec.vector !== undefined) vectorOps.set(spec.name, spec.vector);
  registry.set(spec.name, defined.op);
  return defined;
}
