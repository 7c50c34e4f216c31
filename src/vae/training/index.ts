export { type Checkpoint, readCheckpoint } from './checkpoint.js';
export { TrainingError } from './errors.js';
export type {
  EpochEvent,
  EpochMetrics,
  EvaluationOf,
  Metrics,
  MetricsOf,
  StepEvent,
  TrainingEvent,
  VAETerm,
} from './events.js';
export { type FitOptions, type FitResult, fit } from './fit.js';
export type { DataIdentity } from './identity.js';
export type {
  EarlyStopping,
  ModelResumeOptions,
  ModelTrainingOptions,
  ResumeOptions,
  TrainingOptions,
  TrainingSettings,
} from './options.js';
export type { Progress, StreamPositions } from './progress.js';
export { Trainer } from './trainer.js';
