import type { DevicePrimitive } from '../device/elementwise.js';
import type { Program, Source, Step } from '../program/program.js';
import { full } from '../tensor/create.js';
import { DTypeError } from '../tensor/errors.js';
import { formatShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { withRecording } from './apply.js';
import { leaf, nodeOf } from './node.js';
import type { Op, Traced } from './op.js';
import { topologicalOrder } from './topological-order.js';

/** A function of tensors, written in ops. */
export type Traceable = (inputs: readonly Tensor[]) => readonly Tensor[];

/** Tells sources apart: 0 is not -0. */
const keyOf = (source: Source): string => {
  if ('constant' in source) return Object.is(source.constant, -0) ? '-0' : String(source.constant);
  return 'input' in source ? `i${source.input}` : `s${source.step}`;
};

/** Collects steps; equal ones are shared. */
class Builder {
  readonly steps: Step<DevicePrimitive>[] = [];
  readonly #known = new Map<string, Source>();

  add(primitive: DevicePrimitive, sources: readonly Source[]): Source {
    const key = `${primitive.name}(${sources.map(keyOf)})`;
    const source = this.#known.get(key) ?? { step: this.steps.push({ primitive, sources }) - 1 };
    this.#known.set(key, source);
    return source;
  }

  /** Replaces a step by the steps of a program with one output. */
  inline({ steps, outputs: [output] }: Program<DevicePrimitive>, inputs: readonly Source[]): Source {
    const results: Source[] = [];
    const read = (source: Source): Source => {
      if ('input' in source) return inputs[source.input];
      return 'step' in source ? results[source.step] : source;
    };
    for (const { primitive, sources } of steps) results.push(this.add(primitive, sources.map(read)));
    return read(output);
  }
}

/** The attributes of an elementwise op, in the order in which its body takes them. */
export function attributeNumbers(op: string, attributes: unknown): number[] {
  if (typeof attributes !== 'object' || attributes === null) return [];
  return Object.entries(attributes).map(([name, value]: [string, unknown]) => {
    if (typeof value === 'number') return value;
    throw new TypeError(
      `${op}: '${name}' is ${String(value)}; the attributes of an op with a body are numbers`,
    );
  });
}

/** The ops that `f` runs on scalars of given values, read off the graph that recording them leaves. */
function traceAt(name: string, f: Traceable, values: readonly number[], keep: 'used' | 'all'): Traced {
  // In float64, so that numbers in the function stay what they are; each dtype rounds them for itself.
  const inputs = values.map((x) => leaf(full([], x, { dtype: 'float64' })));
  const used: number[] = keep === 'all' ? values.map((_, i) => i) : [];
  const builder = new Builder();
  const found = new Map<Tensor, Source>();
  const sourceOf = (x: Tensor): Source => {
    const source = found.get(x) ?? enter(x);
    found.set(x, source);
    return source;
  };
  const apply = (op: Op, attributes: unknown, sources: readonly Source[]): Source => {
    if (op.primitive !== undefined) return builder.add(op.primitive, sources);
    const body = op.traced?.(attributes);
    if (body === undefined) {
      throw new Error(
        `'${name}' uses the op '${op.name}', which is not elementwise; take it out of the function`,
      );
    }
    const constants = attributeNumbers(op.name, attributes).map((constant): Source => ({ constant }));
    const operands = [...sources, ...constants];
    return builder.inline(
      body.program,
      body.used.map((i) => operands[i]),
    );
  };
  const enter = (x: Tensor): Source => {
    const node = nodeOf(x);
    if (node === null && x.size === 1) return { constant: x.data[0] };
    if (node === null) {
      throw new Error(
        `'${name}' uses a tensor of shape ${formatShape(x.shape)} that is none of its inputs; make it one`,
      );
    }
    if (node.op === null) {
      const input = inputs.indexOf(x);
      return { input: keep === 'all' ? input : used.push(input) - 1 };
    }
    // Operands first, so that a step comes after those it needs.
    return apply(node.op, node.attributes, node.inputs.map(sourceOf));
  };
  const outputs = run(name, f, inputs).map((output) => {
    // In order, so that a long chain of ops cannot exhaust the engine's stack.
    for (const { tensor } of topologicalOrder(output)) sourceOf(tensor);
    return sourceOf(output);
  });
  return { program: { name, inputs: used.length, steps: builder.steps, outputs }, used };
}

function run(name: string, f: Traceable, inputs: readonly Tensor[]): readonly Tensor[] {
  try {
    return withRecording(true, () => f(inputs));
  } catch (cause) {
    if (!(cause instanceof DTypeError)) throw cause;
    throw new Error(`'${name}' uses a tensor that is none of its inputs; make it one`, { cause });
  }
}

/** Whether two traces are of one program. */
function agree(a: Traced, b: Traced): boolean {
  const [first, second] = [a, b].map(({ program: { steps, outputs }, used }) =>
    [
      used,
      ...steps.map(({ primitive, sources }) => `${primitive.name}(${sources.map(keyOf)})`),
      outputs.map(keyOf),
    ].join('\n'),
  );
  return first === second;
}

/**
 * A function of elementwise ops as a program. It is traced at two points: a function that looks at its inputs' values other
 * than through ops would be another program elsewhere.
 * @param arity how many inputs `f` takes
 * @param keep 'all' for a program of all inputs, those that are not used too
 * @throws Error for an op that is not elementwise, a tensor that is not an input, or a function that depends on values.
 */
export function trace(name: string, f: Traceable, arity: number, keep: 'used' | 'all' = 'used'): Traced {
  const values = Array.from({ length: arity }, (_, i) => 0.3 + 0.1 * i);
  const found = traceAt(name, f, values, keep);
  const elsewhere = traceAt(
    name,
    f,
    values.map((x) => -7 * x),
    keep,
  );
  if (agree(found, elsewhere)) return found;
  throw new Error(
    `'${name}' depends on the values of its inputs other than through ops; write the choice as an op, as in ` +
      'where(greater(x, 0), ...)',
  );
}
