import { call, type Expression, minus, over, plus, times, where } from './expression.js';

/** What a formula of an elementwise op is made from. */
export interface Operands {
  /** The inputs' elements. */
  readonly x: readonly Expression[];
  /** The output's element. */
  readonly y: Expression;
  readonly attributes: unknown;
}

/** An elementwise op, one element at a time: for people to read, and checked against the op itself by a test. */
export interface ElementRule {
  readonly value: (operands: Operands) => Expression;
  /** By input: from g, the gradient with respect to the output, to the input's share; in the steps of the op's own rule. */
  readonly gradients: readonly ((g: Expression, operands: Operands) => Expression)[];
}

type UnaryGradient = (g: Expression, x: Expression, y: Expression, operands: Operands) => Expression;

const unary = (
  value: (x: Expression, operands: Operands) => Expression,
  gradient: UnaryGradient,
): ElementRule => ({
  value: (operands) => value(operands.x[0], operands),
  gradients: [(g, operands) => gradient(g, operands.x[0], operands.y, operands)],
});

type BinaryGradient = (g: Expression, a: Expression, b: Expression, y: Expression) => Expression;

const binary = (
  value: (a: Expression, b: Expression) => Expression,
  ...gradients: readonly BinaryGradient[]
): ElementRule => ({
  value: ({ x: [a, b] }) => value(a, b),
  gradients: gradients.map(
    (gradient) =>
      (g, { x: [a, b], y }) =>
        gradient(g, a, b, y),
  ),
});

const negative = (e: Expression): Expression => minus(0, e);

/** A number among an op's attributes. */
function attribute({ attributes }: Operands, name: string): number {
  const value: unknown =
    typeof attributes === 'object' && attributes !== null ? Reflect.get(attributes, name) : undefined;
  if (typeof value !== 'number') throw new TypeError(`walk: an op has no attribute '${name}'`);
  return value;
}

/** A tie shares the gradient, as the op does. */
const larger = (g: Expression, a: Expression, b: Expression): Expression =>
  where(a, b, g, where(b, a, 0, times(g, 0.5)));

const beyond = (x: Expression): Expression => over(minus(call('abs', x), 10), 5);

export const elementRules: Readonly<Record<string, ElementRule>> = {
  add: binary(
    plus,
    (g) => g,
    (g) => g,
  ),
  sub: binary(minus, (g) => g, negative),
  mul: binary(
    times,
    (g, _, b) => times(g, b),
    (g, a) => times(g, a),
  ),
  div: binary(
    over,
    (g, _, b) => over(g, b),
    (g, _, b, y) => negative(times(g, over(y, b))),
  ),
  neg: unary(negative, negative),
  square: unary(
    (x) => call('square', x),
    (g, x) => times(g, times(x, 2)),
  ),
  sqrt: unary(
    (x) => call('sqrt', x),
    (g, _, y) => over(g, times(y, 2)),
  ),
  exp: unary(
    (x) => call('exp', x),
    (g, _, y) => times(g, y),
  ),
  log: unary(
    (x) => call('log', x),
    (g, x) => over(g, x),
  ),
  tanh: unary(
    (x) => call('tanh', x),
    (g, _, y) => times(g, minus(1, call('square', y))),
  ),
  sigmoid: unary(
    (x) => call('sigmoid', x),
    (g, _, y) => times(g, times(y, minus(1, y))),
  ),
  softplus: unary(
    (x) => call('softplus', x),
    (g, x) => times(g, call('sigmoid', x)),
  ),
  relu: unary(
    (x) => call('max', x, 0),
    (g, _, y) => where(y, 0, g, 0),
  ),
  leakyRelu: unary(
    (x, all) => where(x, 0, x, times(attribute(all, 'slope'), x)),
    (g, x, _, all) => times(g, where(x, 0, 1, attribute(all, 'slope'))),
  ),
  elu: unary(
    (x, all) => where(x, 0, x, times(attribute(all, 'alpha'), call('expm1', x))),
    (g, x, _, all) =>
      times(g, where(x, 0, 1, times(call('exp', call('min', x, 0)), attribute(all, 'alpha')))),
  ),
  normalCdf: unary(
    (x) => call('normalCdf', x),
    (g, x) => times(g, call('normalPdf', x)),
  ),
  gelu: unary(
    (x) => times(x, call('normalCdf', x)),
    (g, x) => times(g, plus(call('normalCdf', x), times(x, call('normalPdf', x)))),
  ),
  maximum: binary(
    (a, b) => call('max', a, b),
    larger,
    (g, a, b) => larger(g, b, a),
  ),
  softBound: unary(
    (x) => where(call('abs', x), 10, times(call('sign', x), plus(10, times(5, call('tanh', beyond(x))))), x),
    (g, x) => times(g, where(call('abs', x), 10, minus(1, call('square', call('tanh', beyond(x)))), 1)),
  ),
  reparameterize: {
    value: ({ x: [mean, logvar, epsilon] }) => plus(mean, times(call('exp', times(logvar, 0.5)), epsilon)),
    gradients: [
      (g) => g,
      (g, { x: [, logvar, epsilon] }) =>
        times(times(times(g, epsilon), call('exp', times(logvar, 0.5))), 0.5),
      (g, { x: [, logvar] }) => times(g, call('exp', times(logvar, 0.5))),
    ],
  },
  gaussianKl: binary(
    (mean, logvar) => over(plus(call('square', mean), minus(call('expm1', logvar), logvar)), 2),
    (g, mean) => times(g, mean),
    (g, _, logvar) => times(g, over(call('expm1', logvar), 2)),
  ),
  bernoulliNll: binary(
    (l, x) => minus(call('softplus', l), times(l, x)),
    (g, l, x) => times(g, minus(call('sigmoid', l), x)),
    (g, l) => negative(times(g, l)),
  ),
  squaredDifference: binary(
    (a, b) => call('square', minus(a, b)),
    (g, a, b) => times(g, times(minus(a, b), 2)),
    (g, a, b) => times(g, times(minus(b, a), 2)),
  ),
  sigmoidSquaredError: binary(
    (l, x) => call('square', minus(call('sigmoid', l), x)),
    (g, l, x) => {
      const y = call('sigmoid', l);
      return times(times(g, times(minus(y, x), 2)), times(y, minus(1, y)));
    },
    (g, l, x) => times(g, times(minus(x, call('sigmoid', l)), 2)),
  ),
};
