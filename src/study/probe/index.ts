export type { ProbeEntry } from './difference.js';
export { type ErrorCurve, type ErrorCurveOptions, errorCurve, errorCurvePoints } from './error-curve.js';
export { type ProbedTerm, type ProbeOptions, probedTerms, type SubjectOptions } from './options.js';
export { type Probe, type ProbePart, probe, probeParts } from './probe.js';
export type { FittedSlopes, Line } from './slopes.js';
export type { Verdict } from './verdict.js';
