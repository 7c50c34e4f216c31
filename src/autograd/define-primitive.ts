import type { DevicePrimitive } from '../device/elementwise.js';
import type { Loops } from '../program/primitive.js';
import { maskOf, operandData } from '../tensor/kernels/elementwise.js';
import { register } from './define-op.js';
import type { DomainSpec } from './domain.js';
import type { OpFunction, Rules, SavedPart } from './op.js';
import { broadcast } from './shape-rules.js';

/** An elementwise op that bodies can be written in: all that is known of it, in one block. */
export interface PrimitiveSpec<N extends 1 | 2 | 3> {
  readonly name: string;
  /** One line with the formula. */
  readonly doc: string;
  readonly arity: N;
  /** How formulas write it: an operator such as '+', or the name of a function. Defaults to the op's name. */
  readonly symbol?: string;
  /** The plain loops: the definition of its numbers. */
  readonly plain: Loops;
  /** The same operations on vectors, one for one. */
  readonly vector?: DevicePrimitive['vector'];
  /** What an element takes on vectors beside loads and stores, in nanoseconds. Defaults to 0.1. */
  readonly nanoseconds?: number;
  readonly saves: readonly SavedPart[];
  readonly vjp: Rules<N, undefined>;
  readonly domain: DomainSpec<never>;
}

/**
 * Declares an elementwise op that is not made of others. One that is made of others is a `defineOp` with a body, which gets all
 * of its kernels from the primitives in it.
 * @throws Error when the name is taken.
 */
// @__NO_SIDE_EFFECTS__
export function definePrimitive<const N extends 1 | 2 | 3>(spec: PrimitiveSpec<N>): OpFunction<N, never> {
  const { name, arity, plain } = spec;
  const primitive: DevicePrimitive = {
    name,
    arity,
    plain,
    symbol: spec.symbol ?? name,
    nanoseconds: spec.nanoseconds ?? 0.1,
    ...(spec.vector !== undefined && { vector: spec.vector }),
  };
  return register<N, never, undefined>(
    {
      name,
      doc: spec.doc,
      arity,
      shape: broadcast,
      forward: (out, inputs) => {
        // Small tensors come here: no list is made.
        const a = operandData(inputs[0], out);
        const b = arity > 1 ? operandData(inputs[1], out) : a;
        const c = arity > 2 ? operandData(inputs[2], out) : b;
        plain[out.dtype](out.data, out.size, a, maskOf(a), b, maskOf(b), c, maskOf(c));
      },
      saves: spec.saves,
      vjp: spec.vjp,
      domain: spec.domain,
    },
    primitive,
  );
}
