import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Failure, isSystemError } from '../errors.js';

/** A file of the page, ready to send. */
export interface PageFile {
  readonly bytes: Uint8Array;
  readonly type: string;
}

/** The page's files by URL path; nothing else is served. */
export type BuiltPage = ReadonlyMap<string, PageFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
};

/** Adds the files of a folder and its subfolders; links and devices are skipped. */
async function collect(folder: string, path: string, files: Map<string, PageFile>): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = join(folder, entry.name);
    const address = `${path}${encodeURIComponent(entry.name)}`;
    if (entry.isDirectory()) await collect(file, `${address}/`, files);
    const type = TYPES[extname(entry.name)];
    if (entry.isFile() && type !== undefined) files.set(address, { bytes: await readFile(file), type });
  }
}

/**
 * Reads the page that `npm run build:page` makes: a few hundred KB, held in memory.
 * @throws Failure when it has not been built.
 */
export async function readBuiltPage(folder: string): Promise<BuiltPage> {
  const files = new Map<string, PageFile>();
  try {
    await collect(folder, '/', files);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT') && !isSystemError(error, 'ENOTDIR')) throw error;
  }
  const index = files.get('/index.html');
  if (index === undefined) {
    throw new Failure(`there is no built page in ${folder}; make it with: npm run build:page`);
  }
  return files.set('/', index);
}
