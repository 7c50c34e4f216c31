import { checkOptions } from '../../tensor/known-options.js';
import { stridesOf } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ORIGINS, type Origin } from '../by-origin.js';
import { Derivation, lettersOf } from './derive.js';
import { decided, evaluate } from './evaluate.js';
import { type Expression, type Index, type Reference, substitute } from './expression.js';
import { nodeAt, type Walk, type WalkNode } from './node.js';
import { print } from './print.js';

/** How the gradients are written: of the loss L, of its reconstruction R and of its KL, as it is weighted. */
const PREFIX: Readonly<Record<Origin, string>> = { total: 'dL', reconstruction: 'dR', kl: 'dKL' };

/** A formula with the numbers of one element in it. Plain data. */
export interface Statement {
  /** 'z[3,1]' or 'dL/dz[3,1]'. */
  readonly left: string;
  /** The same for any element: 'z[i,j] = mean[i,j] + (sigma * epsilon)[i,j]'. */
  readonly general: string;
  /** The right-hand side for this element, with names. */
  readonly symbols: string;
  /** The right-hand side with the numbers put in; of a long sum, its first terms. */
  readonly numbers: string;
  /** What the right-hand side comes to, each operation rounded as the engine's are. */
  readonly computed: number;
  /** What the engine has. */
  readonly engine: number;
  /** The sum of the absolute terms of the right-hand side: rounding is to be measured against that. */
  readonly magnitude: number;
}

/** One element of one node. */
export interface Explanation {
  readonly node: string;
  readonly element: readonly number[];
  /** How the value came about; null for what was given. */
  readonly forward: Statement | null;
  /** How the gradient came about from those of the ops that take the tensor; null where none reaches it. */
  readonly backward: Statement | null;
  /** The same in one line, back to dL/dz and the weight of the KL: the chain rule through the trick. Null elsewhere. */
  readonly chain: Statement | null;
}

/** Which gradient is explained, and with how many digits. */
export interface ExplainOptions {
  /** Which gradient. Defaults to 'total'. */
  readonly origin?: Origin;
  /** Significant digits of the numbers; 'all' for as many as tell a number from its neighbours. Defaults to 6. */
  readonly digits?: number | 'all';
  /** Terms of a sum that are written out. Defaults to 4. */
  readonly most?: number;
}

/** A number as it stands in a formula. */
export const digitsOf = (x: number, digits: number | 'all'): string =>
  digits === 'all' || !Number.isFinite(x) ? String(x) : String(Number(x.toPrecision(digits)));

const isName = (label: string): boolean => /^[\w.]+$/.test(label);

function nameOf(node: WalkNode, { of, index }: Pick<Reference, 'of' | 'index'>): string {
  const place = index.length === 0 ? '' : `[${index.join(',')}]`;
  const name = isName(node.label) ? node.label : `(${node.label})`;
  return of === 'value' ? `${name}${place}` : `${PREFIX[of]}/d${name}${place}`;
}

/** The element of a tensor. @throws RangeError when the index does not fit. */
export function elementOf(t: Tensor, index: Index): number {
  const fits =
    index.length === t.rank &&
    index.every((at, d) => typeof at === 'number' && Number.isInteger(at) && at >= 0 && at < t.shape[d]);
  if (!fits) {
    throw new RangeError(
      `walk: there is no element [${index.join(', ')}] in a tensor of shape [${t.shape.join(', ')}]`,
    );
  }
  const strides = stridesOf(t.shape);
  return t.data[index.reduce((sum: number, at, d) => sum + Number(at) * strides[d], 0)];
}

/** The number behind an element; 0 where no gradient reaches. */
export function lookUpIn(walk: Walk): (reference: Reference) => number {
  return ({ of, node, index }) => {
    const { value, gradient } = nodeAt(walk, node);
    const t = of === 'value' ? value : gradient[of];
    return t === null ? 0 : elementOf(t, index);
  };
}

/** Whether the chain rule goes on behind an element: not beyond dL/dz, nor into the encoder and the decoder. */
function isInner({ id, group, role }: WalkNode, of: Reference['of']): boolean {
  if (id === 'z' || role !== 'op') return false;
  if (of === 'value') return group === 'trick' && id !== 'mean' && id !== 'logvar';
  return group === 'trick' || group === 'kl' || group === 'loss';
}

/** Substitutes the formulas of the nodes between z and the posterior, and between the KL and the loss. */
function chained(derivation: Derivation, e: Expression): Expression {
  return substitute(e, (reference) => {
    const { of, node: id, index } = reference;
    if (!isInner(nodeAt(derivation.walk, id), of)) return reference;
    const inner = of === 'value' ? derivation.forward(id, index) : derivation.gradient(id, index, of);
    return inner === null ? reference : chained(derivation, inner);
  });
}

/**
 * Why an element has the value and the gradient that it has: the op's formula and the rules of the ops that take it, with the actual
 * numbers in them.
 * @param element one index per dimension
 * @throws RangeError when there is no such node or element.
 */
export function explain(
  walk: Walk,
  id: string,
  element: readonly number[],
  options: ExplainOptions = {},
): Explanation {
  checkOptions(options, ['origin', 'digits', 'most'], 'explain');
  const { origin = 'total', digits = 6, most = 4 } = options;
  const node = nodeAt(walk, id);
  const derivation = new Derivation(walk);
  const lookUp = lookUpIn(walk);
  const name = (reference: Reference): string => nameOf(nodeAt(walk, reference.node), reference);
  const number = (x: number): string => digitsOf(x, digits);
  const state = (
    of: 'value' | Origin,
    engine: Tensor | null,
    make: (index: Index) => Expression | null,
  ): Statement | null => {
    const made = make(element);
    const anywhere = make(lettersOf(node.shape));
    if (made === null || anywhere === null || engine === null) return null;
    const { dtype } = node.value;
    const { value: computed, magnitude } = evaluate(made, lookUp, dtype);
    const here = decided(made, lookUp, dtype);
    return {
      left: nameOf(node, { of, index: element }),
      general: `${nameOf(node, { of, index: lettersOf(node.shape) })} = ${print(anywhere, { element: name })}`,
      symbols: print(here, { element: name }),
      numbers: print(here, { element: (reference) => number(lookUp(reference)), most, number }),
      computed,
      engine: elementOf(engine, element),
      magnitude,
    };
  };

  // Also where there is no formula: a wrong index is told.
  elementOf(node.value, element);
  const gradient = (index: Index) => derivation.gradient(id, index, origin);
  const isInTrick = node.group === 'trick' && id !== 'z' && node.role === 'op';
  return {
    node: id,
    element,
    forward: state('value', node.value, (index) => derivation.forward(id, index)),
    backward: state(origin, node.gradient[origin], gradient),
    chain: isInTrick
      ? state(origin, node.gradient[origin], (index) => {
          const own = gradient(index);
          return own && chained(derivation, own);
        })
      : null,
  };
}

/** The formulas of a node for any element: of its value, and of each gradient. */
export function formulasOf(
  walk: Walk,
  id: string,
): { readonly value: string | null } & Readonly<Record<Origin, string | null>> {
  const node = nodeAt(walk, id);
  const derivation = new Derivation(walk);
  const index = lettersOf(node.shape);
  const write = (of: 'value' | Origin, e: Expression | null): string | null =>
    e && `${nameOf(node, { of, index })} = ${print(e, { element: (r) => nameOf(nodeAt(walk, r.node), r) })}`;
  const [total, reconstruction, kl] = ORIGINS.map((origin) =>
    write(origin, derivation.gradient(id, index, origin)),
  );
  return { value: write('value', derivation.forward(id, index)), total, reconstruction, kl };
}
