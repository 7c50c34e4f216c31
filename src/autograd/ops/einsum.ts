import { quote } from '../../tensor/describe.js';
import { ShapeError } from '../../tensor/errors.js';
import { formatShape, type Shape, sameShape, sizeOf } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { mul } from './arithmetic.js';
import { matmul } from './matmul.js';
import { sum } from './reduce.js';
import { reshape, transpose } from './shape.js';

/** A tensor whose dimensions have letters for names. */
interface Named {
  readonly tensor: Tensor;
  readonly letters: string;
}

const letters = (of: string, keep: (letter: string) => boolean): string => [...of].filter(keep).join('');

/** The letters of each operand and of the result. @throws Error when the equation is none of the kinds that einsum takes. */
function parse(equation: string): { readonly operands: readonly string[]; readonly result: string } {
  const refuse = (why: string): never => {
    throw new ShapeError(`einsum: ${quote(equation)} ${why}`);
  };
  const [left, result, ...rest] = equation.replaceAll(' ', '').split('->');
  if (result === undefined || rest.length > 0) {
    return refuse("must name the dimensions of the result after one ->, as in 'ij,jk->ik'");
  }
  const operands = left.split(',');
  if (equation.includes('...')) refuse('has an ellipsis; give every dimension a letter');
  for (const part of [...operands, result]) {
    if (!/^[a-zA-Z]*$/.test(part)) refuse(`has ${quote(part)} for dimensions; each is one letter`);
    const repeated = [...part].find((letter, i) => part.indexOf(letter) !== i);
    if (repeated === undefined) continue;
    refuse(
      part === result
        ? `names '${repeated}' twice in the result; a dimension comes once`
        : `names '${repeated}' twice in one operand, for its diagonal; multiply by eye(n) and sum instead`,
    );
  }
  const unknown = [...result].find((letter) => !left.includes(letter));
  if (unknown !== undefined) refuse(`has '${unknown}' in the result, but in no operand`);
  return { operands, result };
}

/** The size of each letter. @throws ShapeError when an operand has another rank than letters, or sizes differ. */
function sizesOf(equation: string, operands: readonly Named[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  operands.forEach(({ tensor: { shape }, letters: names }, i) => {
    if (shape.length !== names.length) {
      throw new ShapeError(
        `einsum: ${quote(equation)} names ${names.length} dimensions of operand ${i}, which is ${formatShape(shape)}`,
      );
    }
    [...names].forEach((letter, d) => {
      const known = sizes.get(letter) ?? shape[d];
      if (known !== shape[d]) {
        throw new ShapeError(
          `einsum: '${letter}' in ${quote(equation)} is ${known} in one operand and ${shape[d]} in the other`,
        );
      }
      sizes.set(letter, known);
    });
  });
  return sizes;
}

/** Sums over the dimensions that are not kept. */
function summed({ tensor, letters: names }: Named, keep: (letter: string) => boolean): Named {
  const axes = [...names].flatMap((letter, d) => (keep(letter) ? [] : [d]));
  return axes.length === 0
    ? { tensor, letters: names }
    : { tensor: sum(tensor, { axes }), letters: letters(names, keep) };
}

/** The same dimensions in another order. */
function ordered({ tensor, letters: names }: Named, order: string): Tensor {
  return names === order
    ? tensor
    : transpose(tensor, { axes: [...order].map((letter) => names.indexOf(letter)) });
}

const shaped = (x: Tensor, shape: Shape): Tensor => (sameShape(x.shape, shape) ? x : reshape(x, { shape }));

/** The product of two operands, with the dimensions of both that the result lacks summed over. */
function contract(a: Named, b: Named, result: string, sizes: ReadonlyMap<string, number>): Named {
  const inResult = (letter: string): boolean => result.includes(letter);
  const batch = letters(a.letters, (letter) => b.letters.includes(letter) && inResult(letter));
  const inner = letters(a.letters, (letter) => !inResult(letter));
  const freeA = letters(a.letters, (letter) => !b.letters.includes(letter));
  const freeB = letters(b.letters, (letter) => !a.letters.includes(letter));
  const shape = (names: string): Shape => [...names].map((letter) => sizes.get(letter) ?? 1);
  const size = (names: string): number => sizeOf(shape(names));
  if (inner === '' || (freeA === '' && freeB === '')) {
    // Dimensions that an operand lacks are 1 in it, and broadcast.
    const all = batch + freeA + freeB + inner;
    const stretched = (x: Named): Tensor => {
      const own = letters(all, (letter) => x.letters.includes(letter));
      return shaped(
        ordered(x, own),
        [...all].map((letter) => (own.includes(letter) ? (sizes.get(letter) ?? 1) : 1)),
      );
    };
    return summed({ tensor: mul(stretched(a), stretched(b)), letters: all }, inResult);
  }
  // An operand whose order needs no copy decides whether the product is to transpose it.
  const transposeA = a.letters === batch + inner + freeA;
  const transposeB = b.letters === batch + freeB + inner;
  const matrix = (x: Named, rows: string, columns: string): Tensor =>
    shaped(ordered(x, batch + rows + columns), [
      ...(batch === '' ? [] : [size(batch)]),
      size(rows),
      size(columns),
    ]);
  const product = matmul(
    transposeA ? matrix(a, inner, freeA) : matrix(a, freeA, inner),
    transposeB ? matrix(b, freeB, inner) : matrix(b, inner, freeB),
    { transposeA, transposeB },
  );
  const names = batch + freeA + freeB;
  return { tensor: shaped(product, shape(names)), letters: names };
}

/**
 * Sums of products of one or two operands, with a letter for each dimension: those that the result does not name are summed
 * over. It is made of transpose, sum, mul and matmul, and as fast as they are.
 * @param equation the letters of each operand and, after `->`, of the result
 * @example einsum('bij,bjk->bik', a, b) // a batch of matrix products
 * @example einsum('ij->j', a) // sums of columns
 * @throws ShapeError when the equation or a shape does not fit; a diagonal ('ii->i'), an ellipsis, and a result left out are
 * not taken.
 */
export function einsum(equation: string, ...operands: readonly [Tensor, Tensor?]): Tensor {
  const { operands: names, result } = parse(equation);
  const tensors = operands.filter((x) => x !== undefined);
  if (names.length !== tensors.length || tensors.length > 2) {
    throw new ShapeError(
      `einsum: ${quote(equation)} names ${names.length} operands, but got ${tensors.length}; ` +
        'it takes one or two, more of them as products one after another',
    );
  }
  const named = tensors.map((tensor, i) => ({ tensor, letters: names[i] }));
  const sizes = sizesOf(equation, named);
  // What only one operand has and the result lacks is summed over first.
  const needed = named.map((x, i) =>
    summed(x, (letter) => result.includes(letter) || (names[1 - i] ?? '').includes(letter)),
  );
  const [a, b] = needed;
  return ordered(b === undefined ? a : contract(a, b, result, sizes), result);
}
