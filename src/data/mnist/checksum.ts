import { createHash } from 'node:crypto';
import { DataError } from '../errors.js';
import type { IdxPart } from '../idx-split.js';

/** SHA-256 (64 lower-case hexadecimal digits) of each file, uncompressed. */
export type Checksums = Readonly<Record<IdxPart, string>>;

/** SHA-256 of MNIST's four files, uncompressed: the same in every copy, however it was packed. */
export const MNIST_CHECKSUMS: Checksums = {
  trainImages: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  trainLabels: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  testImages: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  testLabels: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

/** A whole file with other content than expected; asking the same place again gives the same. */
export class ChecksumError extends DataError {}

/**
 * Checks a file's content.
 *
 * @throws ChecksumError with both sums when the content is another
 */
export function checkSha256(bytes: Uint8Array, expected: string, file: string): void {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === expected) return;
  throw new ChecksumError(
    file,
    undefined,
    `found content with SHA-256 ${found}, expected ${expected}: the file is damaged or not MNIST's`,
  );
}
