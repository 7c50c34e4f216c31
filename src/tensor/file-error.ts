import { CLIPPED_PATH, clip } from './describe.js';

/**
 * A file that cannot be used: damaged, missing, or not what it should be. The message names the file, the byte offset where that
 * is known, what was found there and what was expected.
 */
export abstract class FileError extends Error {
  /**
   * @param file the file's name or path, as the caller knows it
   * @param offset where in the file: bytes from its start, uncompressed; undefined when the whole file is meant
   * @param problem what was found, what was expected, how to mend it
   * @param options the underlying error, kept as `cause`
   */
  constructor(
    readonly file: string,
    readonly offset: number | undefined,
    problem: string,
    options?: ErrorOptions,
  ) {
    const where = offset === undefined ? '' : `, byte ${offset}`;
    super(`${clip(file, CLIPPED_PATH)}${where}: ${problem}`, options);
  }
}
