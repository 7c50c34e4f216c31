import { createServer, type Server } from 'node:http';

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript' };

/**
 * Serves texts by path on loopback.
 * @param isolated send the headers that let a page share memory between threads
 */
export async function serve(files: Readonly<Record<string, string>>, isolated: boolean): Promise<Site> {
  const server: Server = createServer((request, response) => {
    const text = files[request.url ?? ''];
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    response.setHeader('Content-Type', TYPES[request.url?.split('.').at(-1) ?? ''] ?? 'text/plain');
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
