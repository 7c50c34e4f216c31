/**
 * Neural networks: modules and layers, initialisers, losses, optimisers, learning-rate schedules, and the safetensors
 * format for what they have learned.
 * @packageDocumentation
 */
export * from './nn/index.js';
export {
  CheckpointError,
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsContents,
} from './tensor/safetensors.js';
