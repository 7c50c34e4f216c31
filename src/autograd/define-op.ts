import { backend } from '../device/current.js';
import { type DevicePrimitive, elementwiseKernels } from '../device/elementwise.js';
import type { Program } from '../program/program.js';
import { checkOptions } from '../tensor/known-options.js';
import type { Tensor } from '../tensor/tensor.js';
import { apply } from './apply.js';
import { compileBody } from './body.js';
import type { Arity, Op, Operand, OpFunction, OpSpec, RuleOrConstant } from './op.js';
import { broadcast } from './shape-rules.js';

const registry = new Map<string, { readonly op: Op; readonly spec: object }>();

/** A definition as text, that of its functions included. */
const textOf = (spec: object): string =>
  JSON.stringify(spec, (_, part) => (typeof part === 'function' ? String(part) : part));

/** Every op defined so far, in order of definition. */
export const registeredOps = (): readonly Op[] => [...registry.values()].map(({ op }) => op);

/** A primitive as a program of one step. */
const programOf = (primitive: DevicePrimitive): Program<DevicePrimitive> => ({
  name: primitive.name,
  inputs: primitive.arity,
  steps: [{ primitive, sources: Array.from({ length: primitive.arity }, (_, input) => ({ input })) }],
  outputs: [{ step: 0 }],
});

/** What runs an op: its own kernels, or those that its body gives. */
function kernelsOf<N extends Arity, Given, Attributes>(
  spec: OpSpec<N, Given, Attributes>,
  primitive: DevicePrimitive | undefined,
): Pick<Op<Attributes>, 'forward' | 'fast' | 'parts' | 'traced' | 'primitive'> {
  const { name, forward, body, kernels, parts } = spec;
  if (primitive !== undefined && forward !== undefined) {
    // Made at its first use: most programs use few of the ops that they load.
    let known: ReturnType<typeof elementwiseKernels> | undefined;
    return {
      forward,
      fast: (out, inputs) => {
        known ??= elementwiseKernels(programOf(primitive));
        return backend().run(known, out, inputs, undefined);
      },
      primitive,
    };
  }
  if (forward === undefined) {
    if (body === undefined) throw new TypeError(`${name}: needs a body, or forward and shape`);
    return compileBody<Attributes>(name, spec.arity, body);
  }
  return {
    forward,
    fast: (out, inputs, attributes) =>
      kernels !== undefined && backend().run(kernels, out, inputs, attributes),
    ...(parts !== undefined && { parts }),
  };
}

function buildOp<const N extends Arity, Given, Attributes>(
  spec: OpSpec<N, Given, Attributes>,
  primitive?: DevicePrimitive,
): OpFunction<N, Given> {
  const { name, shape = broadcast } = spec;
  const known: readonly string[] = spec.options ?? [];
  const arity: Arity = spec.arity;
  const rules = (
    typeof spec.vjp === 'function' ? [spec.vjp] : spec.vjp
  ) as readonly RuleOrConstant<Attributes>[];
  const rule = (input: number): RuleOrConstant<Attributes> | undefined => rules[arity === 'many' ? 0 : input];
  const op: Op<Attributes> = {
    name,
    doc: spec.doc,
    arity,
    saves: spec.saves,
    options: known,
    domain: { inputs: [{ range: [-3, 3] }], ...spec.domain },
    runs: { fast: 0, plain: 0 },
    elementwise: shape === broadcast && spec.attributes === undefined && spec.dtype === undefined,
    attributes: (given, shapes) => {
      if (given !== undefined) checkOptions(given, known, name);
      if (spec.attributes === undefined) return undefined as Attributes;
      return spec.attributes(given as Given | undefined, shapes, name);
    },
    shape: (shapes, attributes) => shape(shapes, attributes, name),
    dtype: (attributes) => spec.dtype?.(attributes),
    differentiable: (input) => rule(input) !== 'constant',
    vjp: (input, g, saved) => {
      const vjp = rule(input);
      if (typeof vjp !== 'function') throw new Error(`${name}: has no derivative rule for input ${input}`);
      return vjp(g, saved, input);
    },
    ...kernelsOf(spec, primitive),
  };
  const call = (...args: unknown[]): Tensor => {
    if (args.length === arity) return apply(op, args as Operand[], undefined);
    const list = arity === 'many' ? args[0] : args;
    const given = args[arity === 'many' ? 1 : arity];
    if (!Array.isArray(list) || (arity !== 'many' && args.length < arity)) {
      const wanted = arity === 'many' ? 'a list of tensors' : `${arity} input${arity === 1 ? '' : 's'}`;
      throw new TypeError(
        `${name}: takes ${wanted}, but got ${args.length} argument${args.length === 1 ? '' : 's'}`,
      );
    }
    return apply(op, list.slice(0, arity === 'many' ? list.length : arity), given);
  };
  return Object.assign(call, { op });
}

/** An op that is not registered: what {@link defineOp} builds, for tests that change an op on purpose. */
export function createOp<const N extends Arity, Given = never, Attributes = undefined>(
  spec: OpSpec<N, Given, Attributes>,
): OpFunction<N, Given> {
  return buildOp(spec);
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
 * @throws Error when another op has the name. The same definition may come again, as from a reloaded module: its text is
 * what counts, and the new one takes the place of the old.
 */
// @__NO_SIDE_EFFECTS__
export function defineOp<const N extends Arity, Given = never, Attributes = undefined>(
  spec: OpSpec<N, Given, Attributes>,
): OpFunction<N, Given> {
  return register(spec);
}

/** @param primitive what the op is in programs, if it is one of those that bodies are written in */
export function register<const N extends Arity, Given, Attributes>(
  spec: OpSpec<N, Given, Attributes>,
  primitive?: DevicePrimitive,
): OpFunction<N, Given> {
  const before = registry.get(spec.name);
  if (before !== undefined && textOf(before.spec) !== textOf(spec)) {
    throw new Error(`defineOp: an op named '${spec.name}' exists already; choose another name`);
  }
  const defined = buildOp(spec, primitive);
  registry.set(spec.name, { op: defined.op, spec });
  return defined;
}
