/** Rows of numbers. */
export type Matrix = readonly (readonly number[])[];

export const dotOf = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, value, i) => total + value * b[i], 0);

export const timesVector = (a: Matrix, v: readonly number[]): number[] => a.map((row) => dotOf(row, v));

/**
 * L with L L^T = a, lower triangular (Golub & Van Loan, "Matrix computations", section 4.2).
 * @throws RangeError when a is not positive definite.
 */
export function cholesky(a: Matrix): Matrix {
  const l: number[][] = a.map((row) => row.map(() => 0));
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j <= i; j++) {
      const rest = a[i][j] - dotOf(l[i].slice(0, j), l[j].slice(0, j));
      if (i === j && !(rest > 0))
        throw new RangeError(`cholesky: the matrix is not positive definite (row ${i})`);
      l[i][j] = i === j ? Math.sqrt(rest) : rest / l[j][j];
    }
  }
  return l;
}

/** x with L L^T x = b: forward and back substitution. */
export function solve(l: Matrix, b: readonly number[]): number[] {
  const x = [...b];
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) x[i] -= l[i][j] * x[j];
    x[i] /= l[i][i];
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = i + 1; j < x.length; j++) x[i] -= l[j][i] * x[j];
    x[i] /= l[i][i];
  }
  return x;
}

/** log det(L L^T). */
export const logDeterminant = (l: Matrix): number =>
  2 * l.reduce((total, row, i) => total + Math.log(row[i]), 0);
