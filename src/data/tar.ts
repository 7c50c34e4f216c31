import { createGunzip } from 'node:zlib';
import { clip, messageOf } from '../tensor/describe.js';
import { DataError } from './errors.js';

const BLOCK = 512;
const CHUNK_BYTES = 2 ** 18;
/** What an archive may hold beside the files that are wanted: a description, padding, entries of folders. */
const MAX_OTHER_BYTES = 2 ** 20;

/** What a header of 512 bytes says. */
interface Entry {
  /** The last part of its path. */
  readonly name: string;
  readonly isFile: boolean;
  readonly size: number;
}

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes).split('\0', 1)[0];

/** Unsigned sum of a header whose own field counts as spaces. */
const sumOf = (header: Uint8Array): number =>
  header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);

/** @throws DataError when it is no header of a tar archive. */
function readHeader(header: Uint8Array, at: number, file: string): Entry {
  const number = (from: number, to: number): number => {
    const digits = text(header.subarray(from, to)).trim();
    return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
  };
  const size = number(124, 136);
  if (number(148, 156) !== sumOf(header) || Number.isNaN(size)) {
    throw new DataError(file, at, 'expected the header of an entry of a tar archive (within the gzip file)');
  }
  const name = text(header.subarray(0, 100)).split('/').at(-1) ?? '';
  return { name, isFile: header[156] === 0 || header[156] === 0x30, size };
}

/** Reads a stream in pieces of any length. */
class Reader {
  /** Bytes read so far. */
  at = 0;
  #chunk: Uint8Array = new Uint8Array(0);
  #received = 0;
  readonly #chunks: AsyncIterator<Uint8Array>;

  constructor(
    stream: AsyncIterable<Uint8Array>,
    readonly file: string,
    readonly most: number,
  ) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /**
   * Reads the next bytes into a place, or passes them over.
   * @returns whether there are as many; false where the stream ends before
   * @throws DataError when the stream is longer than the most that is expected
   */
  async read(length: number, into?: Uint8Array): Promise<boolean> {
    for (let done = 0; done < length; ) {
      if (this.#chunk.length === 0) {
        const { value, done: isOver } = await this.#chunks.next();
        if (isOver === true) return false;
        this.#chunk = value;
        this.#received += this.#chunk.length;
        if (this.#received > this.most) {
          const problem = `the archive unpacks to more than ${this.most} bytes, the most expected`;
          throw new DataError(this.file, undefined, problem);
        }
      }
      const piece = this.#chunk.subarray(0, length - done);
      into?.set(piece, done);
      this.#chunk = this.#chunk.subarray(piece.length);
      done += piece.length;
      this.at += piece.length;
    }
    return true;
  }
}

/**
 * Takes files out of a gzipped tar archive, in memory. They are known by the last part of their paths; anything else in the
 * archive is passed over. Nothing is written, so no path in it leads anywhere.
 *
 * @param packed the archive
 * @param file its name, for errors
 * @param wanted the names of the files
 * @param maxBytes the most that each of them may have
 * @returns the files by name, all that are wanted
 * @throws DataError when the archive is damaged or cut short, holds more than is expected, has a wanted file twice, or lacks one
 */
export async function untar<Name extends string>(
  packed: Uint8Array,
  file: string,
  wanted: readonly Name[],
  maxBytes: number,
): Promise<Map<Name, Uint8Array>> {
  const found = new Map<Name, Uint8Array>();
  const most = MAX_OTHER_BYTES + wanted.length * maxBytes;
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  gunzip.end(packed);
  try {
    const archive = new Reader(gunzip, file, most);
    const header = new Uint8Array(BLOCK);
    for (let at = 0; await archive.read(BLOCK, header); at = archive.at) {
      // Blocks of zeros end the archive.
      if (header.every((byte) => byte === 0)) continue;
      const { name, isFile, size } = readHeader(header, at, file);
      const known = isFile ? wanted.find((one) => one === name) : undefined;
      let content: Uint8Array | undefined;
      if (known !== undefined) {
        if (size > maxBytes) {
          throw new DataError(file, at, `found ${size} bytes of ${known}, expected ${maxBytes} at most`);
        }
        if (found.has(known)) throw new DataError(file, at, `found ${known} twice`);
        content = new Uint8Array(size);
        found.set(known, content);
      }
      const padding = (BLOCK - (size % BLOCK)) % BLOCK;
      const isWhole = (await archive.read(size, content)) && (await archive.read(padding));
      if (!isWhole && size > 0)
        throw new DataError(file, archive.at, `the archive ends here, in ${clip(name)}`);
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    const problem = `the archive is damaged or cut short (${messageOf(error)}); fetch it again`;
    throw new DataError(file, undefined, problem, { cause: error });
  } finally {
    gunzip.destroy();
  }
  const missing = wanted.filter((name) => !found.has(name));
  if (missing.length === 0) return found;
  throw new DataError(file, undefined, `missing in the archive: ${missing.join(', ')}`);
}
