export { type BenchOptions, benchEstimators, EstimatorBench, type EstimatorBenchOptions } from './bench.js';
export { type EstimatorCost, measureCost } from './cost.js';
export { type DecoderNoise, decoderNoise } from './decoder.js';
export { type Draw, type Estimator, estimatorNamed, estimators } from './estimators.js';
export type { Metric } from './metric.js';
export { type EstimatorName, type EstimatorWords, estimatorNames, estimatorWords } from './names.js';
export { type EstimatorPoint, maxExamples, posteriorMetrics, vaePoint } from './point.js';
export type { AtSamples, EstimatorFindings, EstimatorInGroup, EstimatorReport } from './report.js';
export { logNormal, logStandardNormal } from './terms.js';
