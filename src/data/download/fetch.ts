import { messageOf } from '../../tensor/describe.js';
import { DataError } from '../errors.js';

/** How far a download is. */
export interface DownloadProgress {
  /** The file's name. */
  readonly file: string;
  /** Bytes received so far. */
  readonly received: number;
  /** Bytes in all, or undefined when the server does not say. */
  readonly total: number | undefined;
}

/** How one request is made. */
export interface FetchOptions {
  /** The file's name, for progress and errors. */
  readonly file: string;
  /** The most bytes accepted. */
  readonly maxBytes: number;
  /** Give up when no byte came for this long, in milliseconds. */
  readonly stallMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** A download that failed in a way that the same server will repeat, such as 404. */
export class PermanentError extends DataError {}

function reasonOf(error: unknown): string {
  // fetch says no more than "fetch failed"; what happened is in the cause.
  const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
  return `${messageOf(error)}${why === '' ? '' : ` (${why})`}`;
}

function checkSize(bytes: number, url: string, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  throw new PermanentError(url, undefined, `the server sends more than ${maxBytes} bytes, the most expected`);
}

function checkStatus(response: Response, url: string): void {
  if (response.ok) return;
  const problem = `the server answered ${response.status} ${response.statusText}`.trimEnd();
  // 408 and 429 ask to come back later, as do the server's own troubles (5xx).
  const permanent = response.status < 500 && response.status !== 408 && response.status !== 429;
  throw permanent ? new PermanentError(url, undefined, problem) : new DataError(url, undefined, problem);
}

/**
 * Fetches one address into memory.
 *
 * @throws DataError naming the address when the server refuses, stalls, breaks off or sends too much
 * @throws the signal's reason when it is aborted
 */
export async function fetchBytes(url: string, options: FetchOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { file, maxBytes, stallMs, signal, onProgress } = options;
  const stall = new AbortController();
  const stopped = () => stall.abort(new Error(`no byte came for ${stallMs / 1000} s`));
  let timer = setTimeout(stopped, stallMs);
  try {
    const signals = signal === undefined ? [stall.signal] : [stall.signal, signal];
    const response = await fetch(url, { signal: AbortSignal.any(signals) });
    checkStatus(response, url);
    const length = response.headers.get('content-length');
    // With a content encoding the length is that of the packed bytes, not of what arrives here.
    const total = length === null || response.headers.has('content-encoding') ? undefined : Number(length);
    if (total !== undefined) checkSize(total, url, maxBytes);
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let received = 0;
    onProgress?.({ file, received, total });
    for await (const chunk of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(stopped, stallMs);
      received += chunk.length;
      checkSize(received, url, maxBytes);
      chunks.push(chunk);
      onProgress?.({ file, received, total });
    }
    return new Uint8Array(await new Blob(chunks).arrayBuffer());
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DataError) throw error;
    throw new DataError(url, undefined, `the download broke off: ${reasonOf(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
    // Ends a transfer that was given up half-way; one that is complete does not notice.
    stall.abort();
  }
}
