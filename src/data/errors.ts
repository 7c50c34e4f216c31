import { FileError } from '../tensor/file-error.js';

/** A data file that cannot be used; the message names the file, the byte and what is wrong there. */
export class DataError extends FileError {
  override readonly name = 'DataError';
}
