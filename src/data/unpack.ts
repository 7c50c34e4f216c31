import { messageOf } from '../tensor/describe.js';
import { DataError } from './errors.js';
import { checkIdxLength, type IdxHeader, LONGEST_HEADER, readIdxHeader } from './idx.js';

/** Deflate cannot make a file more than 1032 times smaller; a header that promises more lies. */
const LARGEST_RATIO = 1032;

/** Whether the bytes start as every gzip file does. */
export const isGzip = (bytes: Uint8Array): boolean =>
  bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;

/** What is known of a packed file before it is unpacked. */
export interface Packed {
  /** Its name, for errors. */
  readonly file: string;
  /** Its length in bytes, packed. */
  readonly length: number;
  /** The most bytes that it may unpack to. */
  readonly maxBytes: number;
  /** Looks at the header before memory is taken for the rest, and throws where that is not wanted. */
  readonly check?: (header: IdxHeader) => void;
  /** Is told now and then how many bytes have come of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

function contentBuffer(start: Uint8Array, { file, length, maxBytes, check }: Packed): Uint8Array {
  const header = readIdxHeader(start, file, true);
  const { fileBytes } = header;
  check?.(header);
  const possible = Math.min(maxBytes, length * LARGEST_RATIO);
  if (fileBytes > possible) {
    const mend = fileBytes > maxBytes ? '; unpack it first, if that is what it holds' : '';
    throw new DataError(
      file,
      4,
      `the header promises ${fileBytes} bytes, but ${length} gzipped bytes may unpack to ${possible} at most${mend}`,
    );
  }
  return new Uint8Array(fileBytes);
}

function append(content: Uint8Array, at: number, chunk: Uint8Array, file: string): number {
  if (at + chunk.length > content.length) {
    throw new DataError(
      file,
      content.length,
      `the data should end here: the header promises ${content.length} bytes, and the gzip file holds more`,
    );
  }
  content.set(chunk, at);
  return at + chunk.length;
}

/**
 * Puts an IDX file together as it is unpacked. Its header is the limit: memory is taken for what it promises, once, if that is
 * no more than allowed, and the first byte beyond it ends the unpacking.
 * @param chunks the content in pieces; each is asked for when the one before has been looked at
 * @returns the IDX file, with exactly the length that its header says
 * @throws DataError for what the header forbids, and when the pieces cannot be unpacked.
 */
export async function collectIdx(chunks: AsyncIterable<Uint8Array>, packed: Packed): Promise<Uint8Array> {
  const { file } = packed;
  let start = new Uint8Array(0);
  let content: Uint8Array | undefined;
  let length = 0;
  try {
    for await (const chunk of chunks) {
      if (content !== undefined) {
        length = append(content, length, chunk, file);
        packed.onProgress?.(length, content.length);
        continue;
      }
      const longer = new Uint8Array(start.length + chunk.length);
      longer.set(start);
      longer.set(chunk, start.length);
      start = longer;
      if (start.length < LONGEST_HEADER) continue;
      content = contentBuffer(start, packed);
      length = append(content, 0, start, file);
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    const problem = `the gzip file is damaged or cut short (${messageOf(error)}); fetch it again`;
    throw new DataError(file, undefined, problem, { cause: error });
  }
  const whole = content ?? start;
  checkIdxLength(readIdxHeader(whole, file, true), content === undefined ? start.length : length, file);
  return whole;
}
