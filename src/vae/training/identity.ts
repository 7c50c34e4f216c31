import type { Dataset } from '../../data/dataset.js';
import type { JsonReader } from '../../nn/schema/json.js';
import type { DType } from '../../tensor/dtype.js';
import { ShapeError } from '../../tensor/errors.js';
import { scope } from '../../tensor/memory/scope.js';
import { runThrough } from '../../tensor/run-through.js';
import { sha256 } from '../../tensor/sha256.js';

/** What tells one data set from another. */
export interface DataIdentity {
  readonly size: number;
  readonly features: number;
  /** SHA-256 of all examples, labels and targets; in a file without it, a 32-bit hash of 32 examples. */
  readonly hash: string | number;
}

export function readIdentity(json: JsonReader): DataIdentity {
  const hash = json.at('hash');
  return {
    size: json.at('size').count({ min: 1 }),
    features: json.at('features').count({ min: 1 }),
    hash: hash.isNumber
      ? hash.count({ max: 0xffff_ffff })
      : hash.text(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
  };
}

/** Examples looked at together. */
const CHUNK = 1000;

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** SHA-256 over every example, label and target, as the training sees them; it yields between chunks. */
function* hashing(dataset: Dataset, dtype: DType): Generator<void, string> {
  const hash = sha256();
  const { size, labels, targets } = dataset;
  for (let first = 0; first < size; first += CHUNK) {
    const indices = Int32Array.from({ length: Math.min(CHUNK, size - first) }, (_, i) => first + i);
    scope(() => {
      hash.update(bytesOf(dataset.batch(indices, dtype).data));
      if (targets !== undefined) hash.update(bytesOf(targets(indices, dtype).data));
    });
    yield;
  }
  if (labels !== undefined) hash.update(bytesOf(Int32Array.from(labels.subarray(0, size))));
  return hash.hex();
}

/** How many examples, evenly spaced, enter the hash of older checkpoints. */
const SAMPLED = 32;

/** A 32-bit FNV-1a hash over some examples as float32: what checkpoints kept before version 2. */
function sampleHash(dataset: Dataset): number {
  const { size } = dataset;
  const count = Math.min(SAMPLED, size);
  const indices = Array.from({ length: count }, (_, i) => Math.floor((i * size) / count));
  let hash = 0x811c9dc5;
  for (const byte of bytesOf(Float32Array.from(dataset.batch(indices, 'float32').data)))
    hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

const known = {
  float32: new WeakMap<Dataset, DataIdentity>(),
  float64: new WeakMap<Dataset, DataIdentity>(),
};

/** Size, features and the hash of all of a data set, yielding now and then: other work may be done between. */
export function* identifying(dataset: Dataset, dtype: DType): Generator<void, DataIdentity> {
  const { size, features } = dataset;
  const identity = { size, features, hash: yield* hashing(dataset, dtype) };
  known[dtype].set(dataset, identity);
  return identity;
}

/**
 * Size, features and the hash of all of a data set.
 * @param dtype of the model
 */
export const identify = (dataset: Dataset, dtype: DType): DataIdentity =>
  runThrough(identifying(dataset, dtype));

/** Forgets what was stated of a data set: it is looked at again when its identity is asked for. */
export function forgetIdentity(dataset: Dataset): void {
  for (const identities of Object.values(known)) identities.delete(dataset);
  vouched.delete(dataset);
}

const vouched = new WeakSet<Dataset>();

/** States a data set's identity, which is not looked at again: where the same program has drawn it from the same seed, say. */
export function vouchFor(dataset: Dataset, dtype: DType, identity: DataIdentity): void {
  known[dtype].set(dataset, identity);
  vouched.add(dataset);
}

/** The same, found once for each data set: it is not looked at again at every checkpoint. */
export const identityOf = (dataset: Dataset, dtype: DType): DataIdentity =>
  known[dtype].get(dataset) ?? identify(dataset, dtype);

const describe = ({ size, features }: Pick<DataIdentity, 'size' | 'features'>): string =>
  `${size} examples of ${features} numbers`;

/**
 * @throws ShapeError, RangeError or TypeError unless `dataset` is the one that `expected` was taken from: every
 * example, label and target of it.
 * @param expected null where there was none
 * @param dtype of the model
 */
export function checkSameData(
  part: 'train' | 'test',
  expected: DataIdentity | null,
  dataset: Dataset | undefined,
  dtype: DType,
): void {
  const who = `Trainer.resume: the ${part} data`;
  if (expected === null || dataset === undefined) {
    if (expected === null && dataset === undefined) return;
    throw new TypeError(
      expected === null
        ? `${who} is given, but the checkpoint's training had none; leave it out`
        : `${who} is missing; the checkpoint's training had ${describe(expected)}`,
    );
  }
  if (dataset.features !== expected.features || dataset.size !== expected.size) {
    const Kind = dataset.features === expected.features ? RangeError : ShapeError;
    throw new Kind(
      `${who} has ${describe(dataset)}, but the checkpoint's had ${describe(expected)}; give the same data, ` +
        'with the same limit and source',
    );
  }
  const whole = () => (vouched.has(dataset) ? identityOf(dataset, dtype) : identify(dataset, dtype)).hash;
  const hash = typeof expected.hash === 'number' ? sampleHash(dataset) : whole();
  if (hash !== expected.hash) {
    throw new RangeError(
      `${who} has as many examples as the checkpoint's, but not the same: a value or a label differs; give the same data, ` +
        'with the same source, seed and binarization, or start a new Trainer with the model',
    );
  }
}
