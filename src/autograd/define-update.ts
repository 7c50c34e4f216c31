import { backend } from '../device/current.js';
import { updateKernels } from '../device/elementwise.js';
import { runProgram } from '../program/program.js';
import { allocate } from '../tensor/dtype.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Traced } from './op.js';
import { trace } from './trace.js';

/** Tensors or numbers by name. */
type Named<Name extends string, T> = Readonly<Record<Name, T>>;

/** An optimiser's rule for one parameter, element by element. */
export interface UpdateSpec<State extends string, Scalar extends string> {
  readonly name: string;
  /** What changes: the parameter and what is remembered of it. */
  readonly state: readonly State[];
  /** The numbers of a step. */
  readonly scalars: readonly Scalar[];
  /**
   * The new state from the gradient and the old one, in elementwise ops. Its order of operations defines every bit. It is traced
   * once, so it may not depend on values.
   */
  readonly body: (
    gradient: Tensor,
    state: Named<State, Tensor>,
    scalars: Named<Scalar, Tensor>,
  ) => Named<State, Tensor>;
}

/** What one update is applied to: tensors of one shape and dtype. Rows that share their numbers share the object. */
export interface UpdateTarget<State extends string, Scalar extends string> {
  readonly gradient: Tensor;
  readonly state: Named<State, Tensor>;
  readonly scalars: Named<Scalar, number>;
}

/** An update in place of many parameters. */
export interface UpdateFunction<State extends string, Scalar extends string> {
  (targets: readonly UpdateTarget<State, Scalar>[]): void;
  /** @internal */
  readonly compiled: () => CompiledUpdate;
}

interface CompiledUpdate extends Traced {
  readonly kernels: ReturnType<typeof updateKernels>;
}

/**
 * Declares an update in place: written once, it runs in float32 and float64, plain and by a kernel in one pass over all
 * parameters, with the same bits.
 *
 * @example
 * const descend = defineUpdate({
 *   name: 'descend', state: ['p'], scalars: ['rate'],
 *   body: (g, { p }, { rate }) => ({ p: sub(p, mul(rate, g)) }),
 * });
 * descend([{ gradient, state: { p: parameter }, scalars: { rate: 0.1 } }]);
 */
// @__NO_SIDE_EFFECTS__
export function defineUpdate<State extends string, Scalar extends string>({
  name,
  state,
  scalars,
  body,
}: UpdateSpec<State, Scalar>): UpdateFunction<State, Scalar> {
  const tensors = 1 + state.length;
  const named = <Name extends string>(names: readonly Name[], values: readonly Tensor[]) =>
    Object.fromEntries(names.map((key, i) => [key, values[i]])) as Named<Name, Tensor>;
  let known: CompiledUpdate | undefined;
  const compiled = (): CompiledUpdate => {
    if (known === undefined) {
      const traced = trace(
        name,
        ([gradient, ...rest]) => {
          const after = body(gradient, named(state, rest), named(scalars, rest.slice(state.length)));
          return state.map((key) => after[key]);
        },
        tensors + scalars.length,
        'all',
      );
      known = { ...traced, kernels: updateKernels(traced.program, tensors) };
    }
    return known;
  };
  const run = (targets: readonly UpdateTarget<State, Scalar>[]): void => {
    if (targets.length === 0) return;
    const { program, kernels } = compiled();
    const numbersOf = new Map<Named<Scalar, number>, readonly number[]>();
    const rows = targets.map((target) => {
      const numbers = numbersOf.get(target.scalars) ?? scalars.map((key) => target.scalars[key]);
      numbersOf.set(target.scalars, numbers);
      return { tensors: [target.gradient, ...state.map((key) => target.state[key])], numbers };
    });
    const single = rows.filter(({ tensors: [gradient] }) => gradient.dtype === 'float32');
    const done = single.length > 0 && backend().run(kernels, single, undefined, undefined);
    for (const row of rows) {
      const { dtype } = row.tensors[0];
      if (done && dtype === 'float32') continue;
      const data = row.tensors.map((x) => x.data);
      const given = row.numbers.map((x) => allocate(dtype, 1).fill(x));
      runProgram(program, data.slice(1), [...data, ...given]);
    }
    for (const {
      tensors: [, ...written],
    } of rows)
      for (const t of written) t.markWritten();
  };
  return Object.assign(run, { compiled });
}
