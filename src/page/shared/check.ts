import type { ErrorCurve, Probe, ProbedTerm, ProbeEntry } from '../../study/probe/index.js';
import type { Shape } from '../../tensor/shape.js';

/** A tensor that the objective can be differentiated by. */
export interface CheckTarget {
  readonly name: string;
  readonly shape: Shape;
}

/** The gradient to check. */
export interface CheckedGradient {
  readonly target: string;
  readonly term: ProbedTerm;
  /** Whether epsilon stays the same in both evaluations of a difference. */
  readonly hold: boolean;
  /** Flat index of an element to include; ignored when the target has no such element. */
  readonly element: number | null;
}

export interface CheckCalls {
  /** The nodes of the trick and the parameters, with their shapes for the batch of a check. */
  checkTargets(args: object): { nodes: readonly CheckTarget[]; parameters: readonly CheckTarget[] };
  /** Checks one gradient, element by element; yields the number of elements done. */
  checkProbe(args: CheckedGradient & { step: number }): Generator<number, Probe & { at: number }>;
  /** The error against the step, a step at a time. */
  checkCurve(args: CheckedGradient): Generator<ProbeEntry, ErrorCurve & { at: number }>;
}
