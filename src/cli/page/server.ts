import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Failure, isSystemError } from '../errors.js';
import type { BuiltPage } from './built.js';

/** The only address listened on, so that no other machine has access. */
const LOOPBACK = '127.0.0.1';

/** The page may run its own scripts, WebAssembly, its own workers and those made of text for its threads. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  // Beside a text the page has itself in a frame, and nobody else has it in one.
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  // These two make the page cross-origin isolated, so that its threads can share memory.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
};

/** A running server. */
export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Whether a request was meant for this server. A foreign name that resolves to this machine (DNS rebinding) would
 * let their page read this one. Browsers leave out port 80.
 */
export const isMeant = (host: string | undefined, port: number): boolean =>
  [LOOPBACK, 'localhost'].some((name) => host === `${name}:${port}` || (port === 80 && host === name));

interface Reply {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const refusal = (code: number, words: string, headers: Readonly<Record<string, string>> = {}): Reply => ({
  code,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers },
  body: new TextEncoder().encode(`${words}\n`),
});

function replyTo({ method, headers, url = '' }: IncomingMessage, page: BuiltPage, port: number): Reply {
  if (!isMeant(headers.host, port)) return refusal(403, 'This server answers on its own address only.');
  if (method !== 'GET' && method !== 'HEAD') {
    return refusal(405, 'This server only hands out its page.', { Allow: 'GET, HEAD' });
  }
  // Exact names only: no path is built from the request.
  const file = page.get(url.split('?')[0]);
  if (file === undefined) return refusal(404, 'There is no such file in the page.');
  return { code: 200, headers: { 'Content-Type': file.type }, body: file.bytes };
}

function send({ code, headers, body }: Reply, withBody: boolean, response: ServerResponse): void {
  response.writeHead(code, { ...HEADERS, ...headers, 'Content-Length': String(body.length) });
  response.end(withBody ? body : undefined);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (isSystemError(error, 'EADDRINUSE')) {
        reject(
          new Failure(`port ${port} is in use; give another --port, or none for a free one`, {
            cause: error,
          }),
        );
      } else if (isSystemError(error, 'EACCES')) {
        reject(
          new Failure(`port ${port} may not be used by this user; give one of 1024 or more`, {
            cause: error,
          }),
        );
      } else reject(error);
    });
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('the server has no port'));
      else resolve(address.port);
    });
  });
}

/**
 * Serves the page on loopback.
 * @param port 0 for a free one
 * @throws Failure when the port cannot be had.
 */
export async function servePage(page: BuiltPage, port: number): Promise<PageServer> {
  let own = port;
  const server = createServer((request, response) =>
    send(replyTo(request, page, own), request.method !== 'HEAD', response),
  );
  own = await listen(server, port);
  return {
    url: `http://${LOOPBACK}:${own}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
