import { HALF_LOG_TWO_PI } from '../../nn/losses.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { LinearGaussianVae } from './linear-gaussian.js';
import { cholesky, dotOf, logDeterminant, type Matrix, solve, timesVector } from './matrix.js';

/** The parameters as plain numbers, and the examples. */
interface Numbers {
  readonly w: Matrix;
  /** The columns of W. */
  readonly columns: Matrix;
  readonly b: readonly number[];
  readonly variance: number;
  readonly v: Matrix;
  readonly c: readonly number[];
  readonly logvar: readonly number[];
  readonly rows: Matrix;
}

const matrixOf = ({ data, shape: [rows, columns] }: Tensor): number[][] =>
  Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)]);

function numbersOf(model: LinearGaussianVae, x: Tensor): Numbers {
  const w = matrixOf(model.weight);
  return {
    w,
    columns: Array.from({ length: model.latent }, (_, j) => w.map((row) => row[j])),
    b: [...model.bias.data],
    variance: Math.exp(2 * model.logsigma.item()),
    v: matrixOf(model.encoderWeight),
    c: [...model.encoderBias.data],
    logvar: [...model.logvar.data],
    rows: matrixOf(x),
  };
}

/** The precision of the true posterior, I + W^T W / sigma^2: the same for every x. */
const precisionOf = ({ columns, variance }: Numbers): number[][] =>
  columns.map((a, i) => columns.map((b, j) => dotOf(a, b) / variance + (i === j ? 1 : 0)));

const minus = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value - b[i]);
const plus = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value + b[i]);
const total = (a: readonly number[]): number => a.reduce((sum, value) => sum + value, 0);

/** The exact values for one example, in nats. */
export interface Truth {
  /** log p(x). */
  readonly evidence: number;
  readonly elbo: number;
  /** KL(q(z | x) || p(z | x)), from the two Gaussians, not from the difference of the two numbers above. */
  readonly klToPosterior: number;
  /** Mean of the true posterior, [latent]. */
  readonly posteriorMean: readonly number[];
}

/**
 * Everything in closed form, by loops and one Cholesky factor, without the engine. With M = I + W^T W / sigma^2
 * and r = x - b, the posterior is N(M^-1 W^T r / sigma^2, M^-1), and by the lemmas for determinants and inverses
 * log det(W W^T + sigma^2 I) = features log sigma^2 + log det M (Bishop, "Pattern recognition and machine learning", 12.2).
 * @param x [batch, features]
 */
export function truthOf(model: LinearGaussianVae, x: Tensor): Truth[] {
  const numbers = numbersOf(model, x);
  const { w, columns, b, variance, v, c, logvar, rows } = numbers;
  const precision = precisionOf(numbers);
  const factor = cholesky(precision);
  const logDet = logDeterminant(factor);
  const { features, latent } = model;
  const s = logvar.map(Math.exp);
  return rows.map((row) => {
    const r = minus(row, b);
    const projected = columns.map((column) => dotOf(column, r) / variance);
    const posteriorMean = solve(factor, projected);
    const quadratic = dotOf(r, r) / variance - dotOf(projected, posteriorMean);
    const evidence = -0.5 * (features * (2 * HALF_LOG_TWO_PI + Math.log(variance)) + logDet + quadratic);

    const m = plus(timesVector(v, row), c);
    const residual = minus(r, timesVector(w, m));
    const spread = total(columns.map((column, j) => dotOf(column, column) * s[j]));
    const nll =
      0.5 *
      ((dotOf(residual, residual) + spread) / variance +
        features * (2 * HALF_LOG_TWO_PI + Math.log(variance)));
    const kl = 0.5 * total(m.map((value, j) => value * value + s[j] - 1 - logvar[j]));

    const off = minus(posteriorMean, m);
    const trace = total(s.map((value, j) => precision[j][j] * value));
    const klToPosterior =
      0.5 * (trace + dotOf(off, timesVector(precision, off)) - latent - total(logvar) - logDet);
    return { evidence, elbo: -nll - kl, klToPosterior, posteriorMean };
  });
}

/**
 * The gradient of the negative ELBO (mean over the batch) by every parameter, derived by hand, by name. With
 * r = x - W m - b and m = V x + c:
 * by m: m - W^T r / sigma^2; by V and c: that times x^T, and that; by W: (W diag(s) - r m^T) / sigma^2; by b: -r / sigma^2;
 * by logvar_j: (s_j (1 + |w_j|^2 / sigma^2) - 1) / 2; by log sigma: features - (|r|^2 + sum_j |w_j|^2 s_j) / sigma^2.
 * @param x [batch, features]
 */
export function elboGradients(model: LinearGaussianVae, x: Tensor): Map<string, Float64Array> {
  const numbers = numbersOf(model, x);
  const { w, columns, b, variance, v, c, logvar, rows } = numbers;
  const { features, latent } = model;
  const s = logvar.map(Math.exp);
  const lengths = columns.map((column) => dotOf(column, column));
  const spread = total(lengths.map((length, j) => length * s[j]));
  const gradients = new Map(
    [...model.namedParameters()].map(([name, t]) => [name, new Float64Array(t.size)]),
  );
  const addTo = (name: string, i: number, amount: number): void => {
    const gradient = gradients.get(name);
    if (gradient !== undefined) gradient[i] += amount;
  };
  for (const row of rows) {
    const share = 1 / rows.length;
    const m = plus(timesVector(v, row), c);
    const r = minus(minus(row, timesVector(w, m)), b);
    const byMean = m.map((value, j) => value - dotOf(columns[j], r) / variance);
    for (let j = 0; j < latent; j++) {
      addTo('encoderBias', j, share * byMean[j]);
      for (let i = 0; i < features; i++) {
        addTo('encoderWeight', j * features + i, share * byMean[j] * row[i]);
        addTo('weight', i * latent + j, (share * (w[i][j] * s[j] - r[i] * m[j])) / variance);
      }
      addTo('logvar', j, share * 0.5 * (s[j] * (1 + lengths[j] / variance) - 1));
    }
    for (let i = 0; i < features; i++) addTo('bias', i, (-share * r[i]) / variance);
    addTo('logsigma', 0, share * (features - (dotOf(r, r) + spread) / variance));
  }
  return gradients;
}

/**
 * Sets q to the optimum for this decoder: the true posterior's mean, and for each dimension e^logvar = 1 / M_jj, which
 * minimizes the gap. If M is diagonal, q is then the posterior.
 */
export function fitEncoder(model: LinearGaussianVae): void {
  const { features, latent } = model;
  const numbers = numbersOf(model, model.bias.detach().view([1, features]));
  const precision = precisionOf(numbers);
  const factor = cholesky(precision);
  for (let i = 0; i < features; i++) {
    const column = solve(
      factor,
      numbers.w[i].map((value) => value / numbers.variance),
    );
    for (let j = 0; j < latent; j++) model.encoderWeight.data[j * features + i] = column[j];
  }
  const v = matrixOf(model.encoderWeight);
  timesVector(v, numbers.b).forEach((value, j) => {
    model.encoderBias.data[j] = -value;
    model.logvar.data[j] = -Math.log(precision[j][j]);
  });
}
