import { checkIdxLength, readIdxHeader } from '../../../data/idx.js';
import { collectIdx, isGzip } from '../../../data/unpack.js';
import { MAX_FILE_BYTES } from '../../shared/training.js';

/** A stream piece by piece: not every browser can iterate over one. */
async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

/**
 * The content of an IDX file, unpacked if it is gzipped.
 * @throws DataError when it is no IDX file, damaged, too large, or of another length than its header says.
 */
export async function unpackIdx(packed: Uint8Array<ArrayBuffer>, file: string): Promise<Uint8Array> {
  if (isGzip(packed)) {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    return collectIdx(piecesOf(stream), { file, length: packed.length, maxBytes: MAX_FILE_BYTES });
  }
  checkIdxLength(readIdxHeader(packed, file), packed.length, file);
  return packed;
}
