/**
 * A function of one number in both element types. The float32 form is the definition: it takes a float32
 * and returns a float32 with the same bits on every engine. The float64 form is for checking derivatives.
 */
export interface ScalarFunction {
  readonly f32: (x: number) => number;
  readonly f64: (x: number) => number;
}

/** A function of two numbers in both element types, as {@link ScalarFunction}. */
export interface ScalarFunction2 {
  readonly f32: (x: number, y: number) => number;
  readonly f64: (x: number, y: number) => number;
}
