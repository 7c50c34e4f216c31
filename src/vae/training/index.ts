export { type Checkpoint, readCheckpoint } from './checkpoint.js';
export { TrainingError } from './errors.js';
export type {
  EpochEvent,
  EpochMetrics,
  EvaluationOf,
  Metrics,
  StepEvent,
  TrainingEvent,
  VAETerm,
} from './events.js';
export { type FitOptions, type FitResult, fit } from './fit.js';
export type {
  EarlyStopping,
  ModelResumeOptions,
  ModelTrainingOptions,
  ResumeOptions,
  TrainingOptions,
  TrainingSettings,
} from './options.js';
export type { DataIdentity, Progress, StreamPositions } from './progress.js';
export { Trainer } from './trainer.js';
