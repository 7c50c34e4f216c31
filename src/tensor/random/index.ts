export { philox4x32, type Words2, type Words4 } from './philox.js';
export { Random, RandomStream } from './stream.js';
