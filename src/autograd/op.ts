import type { DevicePrimitive } from '../device/elementwise.js';
import type { Kernels } from '../device/kernels.js';
import type { Program } from '../program/program.js';
import type { DType } from '../tensor/dtype.js';
import type { Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Domain, DomainSpec } from './domain.js';

/** How many tensors an op takes; 'many' is a list of them. */
export type Arity = 1 | 2 | 3 | 'many';

/** Where a tensor is wanted, a plain number stands for a scalar of the other operands' dtype. */
export type Operand = Tensor | number;

/** What the backward pass keeps of an application of an op. */
export type SavedPart = 'inputs' | 'output';

/**
 * What a derivative rule may read: the parts its op declared in `saves`, and always attributes and shapes.
 * A part that was not declared throws when it is read, so that `saves` stays true.
 */
export interface Saved<Attributes> {
  /** The first input; `a` and `x` are the same. */
  readonly x: Tensor;
  readonly a: Tensor;
  /** The second input. */
  readonly b: Tensor;
  readonly inputs: readonly Tensor[];
  /** The output. */
  readonly y: Tensor;
  readonly attributes: Attributes;
  /** Shapes of the inputs. */
  readonly shapes: readonly Shape[];
  /** The dtype of the inputs. */
  readonly dtype: DType;
  /**
   * What several rules need for one `g`: computed once, for the first that asks.
   * @param lastUse whether no rule reads `g` or the output other than in `compute`: their memory may be used again after it
   */
  shared(g: Tensor, compute: () => Tensor, lastUse?: boolean): Tensor;
}

/**
 * A vector-Jacobian product with respect to one input: from `g`, the gradient of the loss with respect to the
 * output, to the gradient with respect to that input. It is written in ops, so it can be differentiated again.
 * It may return the gradient in the broadcast shape: the engine sums it down to the input's.
 */
export type Rule<Attributes> = (g: Tensor, saved: Saved<Attributes>, input: number) => Tensor;

/** `constant` declares that no gradient flows to this input. */
export type RuleOrConstant<Attributes> = Rule<Attributes> | 'constant';

/** The derivative rules of an op: one per input, or one for all of a list. */
export type Rules<N extends Arity, Attributes> = N extends 1
  ? readonly [RuleOrConstant<Attributes>]
  : N extends 2
    ? readonly [RuleOrConstant<Attributes>, RuleOrConstant<Attributes>]
    : N extends 3
      ? readonly [RuleOrConstant<Attributes>, RuleOrConstant<Attributes>, RuleOrConstant<Attributes>]
      : Rule<Attributes>;

/** What a caller may choose about an op: the names, and the function that checks and completes them. */
export type OpOptions<Given, Attributes> =
  | { readonly options?: undefined; readonly attributes?: undefined }
  | {
      /** The names of all options; any other is refused. */
      readonly options: readonly NoInfer<keyof Given & string>[];
      /** Completes and checks the caller's options. */
      readonly attributes: (given: Given | undefined, shapes: readonly Shape[], name: string) => Attributes;
    };

/** An op's attributes as its body sees them: scalars. */
export type Scalars<Attributes> = { readonly [K in keyof Attributes]: Tensor };

/** An elementwise op written in other elementwise ops. */
export type Body<N extends Arity, Attributes> = N extends 1
  ? (x: Tensor, attributes: Scalars<Attributes>) => Tensor
  : N extends 2
    ? (a: Tensor, b: Tensor, attributes: Scalars<Attributes>) => Tensor
    : (a: Tensor, b: Tensor, c: Tensor, attributes: Scalars<Attributes>) => Tensor;

/** What every op says of itself, whatever computes it. */
export interface OpDescription<N extends Arity, Given, Attributes> {
  readonly name: string;
  /** One line with the formula. */
  readonly doc: string;
  readonly arity: N;
  readonly saves: readonly SavedPart[];
  /** One rule per input; one for all of them when the arity is 'many'. */
  readonly vjp: Rules<N, Attributes>;
  /** Where the derivative is tested. */
  readonly domain: DomainSpec<NoInfer<Given>>;
}

/** Shape of the output. @throws ShapeError when the inputs do not fit. */
type ShapeRule<Attributes> = (shapes: readonly Shape[], attributes: Attributes, name: string) => Shape;

/** An op with a kernel of its own. */
export interface KernelSpec<Attributes> {
  readonly shape: ShapeRule<Attributes>;
  /** The dtype of the output. Defaults to that of the inputs. */
  readonly dtype?: (attributes: Attributes) => DType;
  /** The plain kernel: fills `out`, which is zero-filled and of the shape and dtype of the result. */
  readonly forward: (out: Tensor, inputs: readonly Tensor[], attributes: Attributes) => void;
  /** Fast kernels for float32, each with the bits of the plain one. */
  readonly kernels?: Kernels<Attributes, Tensor, readonly Tensor[]>;
  /** The same result by the ops that this one does in one pass: shows the kinks in between; undefined where it does no more than one. */
  readonly parts?: (inputs: readonly Tensor[], attributes: Attributes) => Tensor | undefined;
  readonly body?: undefined;
}

/** An elementwise op made of others; its kernels are derived. */
export interface BodySpec<N extends Arity, Attributes> {
  /**
   * The op in elementwise ops. It is traced at its first use, so it may not depend on values or shapes; numbers in it are
   * constants, and its attributes, which must all be numbers, come as scalars.
   */
  readonly body: Body<N, Attributes>;
  /** Defaults to the shape that the inputs broadcast to. */
  readonly shape?: ShapeRule<Attributes>;
  readonly dtype?: undefined;
  readonly forward?: undefined;
  readonly kernels?: undefined;
  readonly parts?: undefined;
}

/** An op, declared once; see {@link defineOp}. `Given` are the attributes as a caller writes them. */
export type OpSpec<N extends Arity, Given, Attributes> = OpDescription<N, Given, Attributes> &
  OpOptions<Given, Attributes> &
  (KernelSpec<Attributes> | BodySpec<N, Attributes>);

/** A function as an elementwise program. */
export interface Traced {
  readonly program: Program<DevicePrimitive>;
  /** Which of the function's inputs are the program's: those it uses, in the order in which it does. */
  readonly used: readonly number[];
}

/** An op as the engine sees it, its attribute types forgotten. */
export interface Op<Attributes = unknown> {
  readonly name: string;
  readonly doc: string;
  readonly arity: Arity;
  readonly saves: readonly SavedPart[];
  /** The names of the options that a caller may give. */
  readonly options: readonly string[];
  readonly domain: Domain<unknown>;
  /** How often its fast kernel has run, and how often the plain one. */
  readonly runs: { fast: number; plain: number };
  /** Whether there are no options, and the output has the shape and dtype of the inputs together: nothing is left to ask. */
  readonly elementwise: boolean;
  attributes(given: unknown, shapes: readonly Shape[]): Attributes;
  shape(shapes: readonly Shape[], attributes: Attributes): Shape;
  /** The dtype of the output; undefined for that of the inputs. */
  dtype(attributes: Attributes): DType | undefined;
  forward(out: Tensor, inputs: readonly Tensor[], attributes: Attributes): void;
  /** Fills a float32 `out` by a fast kernel; false where there is none, or it declines. */
  fast(out: Tensor, inputs: readonly Tensor[], attributes: Attributes): boolean;
  /** The same result by the ops that this one does in one pass; undefined for most. */
  parts?(inputs: readonly Tensor[], attributes: Attributes): Tensor | undefined;
  /** What the op is in programs, when bodies are written in it. */
  readonly primitive?: DevicePrimitive;
  /** Its body as a program, whose inputs are the op's and then its attributes; undefined for an op without one. */
  traced?(attributes: Attributes): Traced;
  /** False where the op declared the input 'constant'. */
  differentiable(input: number): boolean;
  /** @throws when there is no rule for this input. */
  vjp(input: number, g: Tensor, saved: Saved<Attributes>): Tensor;
}

/** The operands of a call, by arity. */
export type Operands<N extends Arity> = N extends 1
  ? [x: Operand]
  : N extends 2
    ? [a: Operand, b: Operand]
    : N extends 3
      ? [a: Operand, b: Operand, c: Operand]
      : [inputs: readonly Operand[]];

/** An op as it is called: operands, then attributes if it has any. */
export interface OpFunction<N extends Arity, Given> {
  (...call: [...operands: Operands<N>, attributes?: Given]): Tensor;
  readonly op: Op;
}
