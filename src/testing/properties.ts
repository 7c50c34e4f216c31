import fc from 'fast-check';
import type { Op } from '../autograd/op.js';
import { checkOptions } from '../tensor/known-options.js';
import { type OpCase, type OpLike, opCases, opOf } from './arbitraries.js';
import {
  type CheckSettings,
  checkFirst,
  checkFloat32,
  checkNoGradient,
  checkSecond,
  checkShapes,
  type SampleCheck,
} from './checks.js';

/** Options of {@link opProperties}. */
export interface PropertyOptions {
  /** Random calls for each property of each case. Defaults to 30. */
  readonly numRuns?: number;
  /** Seed of the calls. Defaults to a new one each time; a failure prints it. */
  readonly seed?: number;
  /** Largest error accepted of a derivative, as gradcheck measures it. Defaults to 1e-7. */
  readonly tolerance?: number;
  /** How far float32 may be from float64, in units of 2^-24 of the terms of an element. Defaults to 16. */
  readonly float32Roundings?: number;
  /** Look for a simpler counterexample. Defaults to true. */
  readonly shrink?: boolean;
}

/** The law that a property checks. */
export type PropertyKind =
  | 'first derivative'
  | 'second derivative'
  | 'float32 against float64'
  | 'shapes'
  | 'no derivative';

/** What a property came to. */
export interface PropertyResult {
  /** Random calls that were checked. */
  readonly cases: number;
  /** The largest error: relative for derivatives, in roundings for float32, 0 for the others. */
  readonly worst: number;
}

/** One generated test of an op: `run` throws when it fails. */
export interface OpProperty {
  readonly name: string;
  readonly kind: PropertyKind;
  /** @throws Error with the failure, the simplest call that shows it, and the seed that reproduces it. */
  run(): PropertyResult;
}

function runProperty(
  op: Op,
  { label, samples }: OpCase,
  check: SampleCheck,
  { numRuns = 30, seed, tolerance = 1e-7, float32Roundings = 16, shrink = true }: PropertyOptions,
): PropertyResult {
  const settings: CheckSettings = { tolerance, float32Roundings };
  let worst = 0;
  const property = fc.property(samples, (sample) => {
    worst = Math.max(worst, check(op, sample, settings).worst);
  });
  const details = fc.check(property, {
    numRuns,
    endOnFailure: !shrink,
    ...(seed === undefined ? {} : { seed }),
  });
  if (!details.failed) return { cases: details.numRuns, worst };
  const cause = details.errorInstance;
  const reason = cause instanceof Error ? cause.message : 'the property failed';
  throw new Error(`${reason}\nfor ${op.name}, ${label}. ${fc.defaultReportMessage(details)}`, { cause });
}

/**
 * The tests that follow from the declaration of an op, for every case of its domain: derivative rules against central
 * differences, once and twice; float32 against float64; shapes; and for an op without a derivative, that no
 * gradient flows. Independent of any test runner: each has a name, and a `run` that throws.
 *
 * @param op an op, or the function that `defineOp` or `createOp` returned.
 * @throws RangeError on a domain that cannot be drawn from.
 */
export function opProperties(op: OpLike, options: PropertyOptions = {}): OpProperty[] {
  checkOptions(options, ['numRuns', 'seed', 'tolerance', 'float32Roundings', 'shrink'], 'opProperties');
  const resolved = opOf(op);
  const checks: [PropertyKind, SampleCheck][] =
    resolved.domain.derivative === 'none'
      ? [['no derivative', checkNoGradient]]
      : [
          ['first derivative', checkFirst],
          ['second derivative', checkSecond],
        ];
  checks.push(['float32 against float64', checkFloat32], ['shapes', checkShapes]);
  return opCases(resolved).flatMap((opCase) =>
    checks.map(([kind, check]) => ({
      name: `${kind}: ${opCase.label}`,
      kind,
      run: () => runProperty(resolved, opCase, check, options),
    })),
  );
}

/** `describe` and `it` (or `test`) of vitest, jest, mocha or node:test. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => void) => unknown;
}

/**
 * Declares the tests of {@link opProperties} with a test runner.
 * @example
 * import { describe, it } from 'vitest';
 * describeOp(softsign, { describe, it });
 */
export function describeOp(op: OpLike, { describe, it }: TestRunner, options: PropertyOptions = {}): void {
  describe(opOf(op).name, () => {
    for (const property of opProperties(op, options)) {
      it(property.name, () => {
        property.run();
      });
    }
  });
}
