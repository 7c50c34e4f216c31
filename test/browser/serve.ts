import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join, relative, sep } from 'node:path';

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
};

/** The files of a folder and of those in it, as texts by path. */
export function filesOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    paths.map((path) => [`/${relative(folder, path).split(sep).join('/')}`, readFileSync(path, 'utf8')]),
  );
}

/**
 * Serves texts by path on loopback; a folder is its `index.html`.
 * @param isolated send the headers that let a page share memory between threads
 */
export async function serve(files: Readonly<Record<string, string>>, isolated: boolean): Promise<Site> {
  const server: Server = createServer((request, response) => {
    const [path] = (request.url ?? '').split('?');
    const text = files[path.endsWith('/') ? `${path}index.html` : path];
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    response.setHeader(
      'Content-Type',
      TYPES[path.endsWith('/') ? 'html' : (path.split('.').at(-1) ?? '')] ?? 'text/plain',
    );
    response.statusCode = text === undefined ? 404 : 200;
    response.end(text ?? 'not found');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
