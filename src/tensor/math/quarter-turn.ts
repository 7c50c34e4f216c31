const f = Math.fround;

/**
 * sin x for |x| up to pi / 4, in float32 steps: x + x^3 S(x^2), S interpolating (sin x - x) / x^3 at three
 * Chebyshev nodes in x^2 (error 1.2e-8 of x). Every literal is exactly a float32.
 */
export function sineOfEighth32(x: number): number {
  const square = f(x * x);
  let s = f(f(-0.00019587890710681677 * square) + 0.008332747966051102);
  s = f(f(s * square) + -0.166666641831398);
  return f(x + f(f(s * square) * x));
}

/**
 * cos x for |x| up to pi / 4, in float32 steps: 1 - x^2 / 2 + x^4 C(x^2), C interpolating
 * (cos x - 1 + x^2 / 2) / x^4 at three Chebyshev nodes in x^2 (error 8e-10).
 */
export function cosineOfEighth32(x: number): number {
  const square = f(x * x);
  let c = f(f(2.454794230288826e-5 * square) + -0.001388830249197781);
  c = f(f(c * square) + 0.0416666641831398);
  return f(1 + f(f(f(c * square) * square) - f(0.5 * square)));
}
