import { backend } from '../device/current.js';
import { elementwiseKernels } from '../device/elementwise.js';
import { runProgram } from '../program/program.js';
import { allocate, type TensorData } from '../tensor/dtype.js';
import { operandData } from '../tensor/kernels/elementwise.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Op, Traced } from './op.js';
import { attributeNumbers, trace } from './trace.js';

/** A body, its operands and attributes as one list of arguments. */
type AnyBody = (...args: never[]) => Tensor;

interface Compiled extends Traced {
  readonly kernels: ReturnType<typeof elementwiseKernels>;
}

/**
 * The kernels of an elementwise op that is written in others. The body is traced when the op first runs: the ops in it may be
 * defined after it.
 */
export function compileBody<Attributes>(
  name: string,
  arity: number | 'many',
  body: AnyBody,
): Pick<Op<Attributes>, 'forward' | 'fast' | 'parts' | 'traced'> {
  if (arity === 'many') throw new TypeError(`${name}: an op of a list has no body; give it a kernel`);
  /** Runs the body on tensors, scalars in the place of the attributes. */
  const run = (
    inputs: readonly Tensor[],
    attributes: unknown,
    scalars: readonly (Tensor | number)[],
  ): Tensor => {
    const names = attributes === undefined ? [] : Object.keys(Object(attributes));
    const named = Object.fromEntries(names.map((key, i) => [key, scalars[i]]));
    return body(...([...inputs, named] as never[]));
  };
  let known: Compiled | undefined;
  const compiled = (attributes: unknown): Compiled => {
    if (known === undefined) {
      const count = attributeNumbers(name, attributes).length;
      const traced = trace(
        name,
        (given) => [run(given.slice(0, arity), attributes, given.slice(arity))],
        arity + count,
      );
      known = { ...traced, kernels: elementwiseKernels(traced.program) };
    }
    return known;
  };
  return {
    forward: (out, inputs, attributes) => {
      const { program, used } = compiled(attributes);
      const numbers = attributeNumbers(name, attributes);
      const data = used.map((i): TensorData => {
        return i < arity ? operandData(inputs[i], out) : allocate(out.dtype, 1).fill(numbers[i - arity]);
      });
      runProgram(program, [out.data], data);
    },
    fast: (out, inputs, attributes) => {
      const { kernels, used } = compiled(attributes);
      const numbers = attributeNumbers(name, attributes);
      const operands = used.map((i) => (i < arity ? inputs[i] : numbers[i - arity]));
      return backend().run(kernels, out, operands, undefined);
    },
    parts: (inputs, attributes) => run(inputs, attributes, attributeNumbers(name, attributes)),
    traced: compiled,
  };
}
