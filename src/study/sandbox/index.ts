export { compareWithTruth, type GradientComparison } from './compare.js';
export { type ImportanceBound, importanceBounds } from './importance.js';
export { type LinearGaussianOptions, LinearGaussianVae } from './linear-gaussian.js';
export { linearGaussianPoint } from './point.js';
export { elboGradients, fitEncoder, type Truth, truthOf } from './truth.js';
