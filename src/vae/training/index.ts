export { type Checkpoint, readCheckpoint } from './checkpoint.js';
export { TrainingError } from './errors.js';
export type { EpochEvent, EpochMetrics, Metrics, StepEvent, TrainingEvent } from './events.js';
export { type FitOptions, type FitResult, fit } from './fit.js';
export type { EarlyStopping, ResumeOptions, TrainingOptions, TrainingSettings } from './options.js';
export type { DataIdentity, Progress, StreamPositions } from './progress.js';
export { Trainer } from './trainer.js';
