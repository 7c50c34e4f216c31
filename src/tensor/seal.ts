import { clip } from './describe.js';
import {
  CheckpointError,
  encodeSafetensors,
  fileBytes,
  formatOf,
  type SafetensorsContents,
} from './safetensors.js';
import { sha256 } from './sha256.js';
import type { Tensor } from './tensor.js';

/** Where the metadata has the {@link contentHash}. */
const HASH = 'sha256';

/**
 * SHA-256 of all that a file says: its metadata but for the hash itself, and each tensor's name, dtype, shape and bits, by name.
 * Order and layout do not count, so that a file which another program writes again, unchanged, still agrees.
 */
function contentHash({ tensors, metadata }: SafetensorsContents): string {
  const texts = Object.entries(metadata).filter(([key]) => key !== HASH);
  const ordered = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = sha256();
  const about = ordered.map(([name, t]) => [name, formatOf(t.dtype), t.shape]);
  hash.update(new TextEncoder().encode(JSON.stringify([texts.sort(([a], [b]) => (a < b ? -1 : 1)), about])));
  for (const [, { data }] of ordered) hash.update(fileBytes(data));
  return hash.hex();
}

/** A safetensors file whose metadata has a hash of its content, for {@link checkSeal}. */
export const encodeSealed = (
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array =>
  encodeSafetensors(tensors, {
    ...metadata,
    [HASH]: contentHash({ tensors: new Map(tensors), metadata: { ...metadata } }),
  });

/**
 * Checks what {@link encodeSealed} wrote.
 * @throws CheckpointError when the content is not that of the hash, or there is no hash.
 */
export function checkSeal(contents: SafetensorsContents, file: string): void {
  const [found, expected] = [contentHash(contents), contents.metadata[HASH]];
  if (found === expected) return;
  const said = expected === undefined ? 'has none' : `says ${clip(expected, found.length)}`;
  throw new CheckpointError(
    file,
    undefined,
    `the SHA-256 of its content is ${found}, but its metadata ${said}: the file is damaged or was changed; ` +
      'take a copy from before that',
  );
}
