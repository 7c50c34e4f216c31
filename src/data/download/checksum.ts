import { createHash } from 'node:crypto';
import { DataError } from '../errors.js';

/** A whole file with other content than expected; asking the same place again gives the same. */
export class ChecksumError extends DataError {}

/**
 * Checks a file's content.
 *
 * @param expected SHA-256, 64 lower-case hexadecimal digits
 * @param whose the data set that it should be of
 * @throws ChecksumError with both sums when the content is another
 */
export function checkSha256(bytes: Uint8Array, expected: string, file: string, whose: string): void {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === expected) return;
  throw new ChecksumError(
    file,
    undefined,
    `found content with SHA-256 ${found}, expected ${expected}: the file is damaged or not of ${whose}`,
  );
}
