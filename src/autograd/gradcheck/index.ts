export type { Kink } from '../kinks.js';
export type { CheckedFunction } from './evaluate.js';
export { assertGradients, gradcheck } from './gradcheck.js';
export type { GradcheckOptions } from './options.js';
export { type GradcheckEntry, GradcheckError, type GradcheckFailure, GradcheckReport } from './report.js';
