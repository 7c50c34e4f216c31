import { extname } from 'node:path';
import { exists, writeFileAtomic } from '../../data/atomic.js';
import { type Setting, text, toggle } from '../../nn/schema/index.js';
import { Failure } from '../errors.js';
import type { Canvas } from './canvas.js';

/** A path that does not promise another format than PNG. */
function pngPath(file: string): Setting<string, false> {
  const path = text({ default: file, need: `the path of a PNG file, as ${file}`, help: 'the PNG file' });
  const accept = (value: unknown): string | undefined => {
    const accepted = path.accept(value);
    return accepted !== undefined && ['', '.png'].includes(extname(accepted).toLowerCase())
      ? accepted
      : undefined;
  };
  return { ...path, accept };
}

/** Flags of every command that draws a picture. @param file its usual name */
export const pictureFlags = (file: string) => ({
  out: pngPath(file),
  force: toggle({ help: 'replace the file if it exists' }),
});

/**
 * Writes a picture to the requested path and reports it.
 * @throws Failure when the file exists and `force` is not given.
 */
export async function writePicture(
  { out, force }: { readonly out: string; readonly force: boolean },
  picture: Canvas,
): Promise<void> {
  if (!force && (await exists(out))) {
    throw new Failure(
      `${out} exists already and was left as it is; give another --out, or --force to replace it`,
    );
  }
  await writeFileAtomic(out, picture.png(), { overwrite: force });
  console.log(`${out}: ${picture.width} x ${picture.height} pixels`);
}
