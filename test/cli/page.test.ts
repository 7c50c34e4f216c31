import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBuiltPage } from '../../src/cli/page/built.js';
import { opener } from '../../src/cli/page/open.js';
import { isMeant, type PageServer, servePage } from '../../src/cli/page/server.js';
import { bundledCommand, inProcess, temporaryFolder } from './harness.js';

const place = await temporaryFolder();
const spawned = await bundledCommand();
const built = join(place, 'page');
await mkdir(join(built, 'assets'), { recursive: true });
await writeFile(join(built, 'index.html'), '<!doctype html><title>here</title>');
await writeFile(join(built, 'assets/main.js'), 'export {};');
await writeFile(join(built, 'notes'), 'of no known type');
await writeFile(join(place, 'secret.js'), 'secret');
await symlink(join(place, 'secret.js'), join(built, 'assets/link.js'));

interface Answer {
  readonly code: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** A request just as it is written here: fetch would tidy up its path and refuse to lie about the host. */
function ask(
  server: PageServer,
  path: string,
  options: { method?: string; host?: string } = {},
): Promise<Answer> {
  const { hostname, port, host } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const asked = request(
      { hostname, port, path, method: options.method ?? 'GET', headers: { host: options.host ?? host } },
      (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += String(chunk);
        });
        response.on('end', () =>
          resolve({ code: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

async function served(check: (server: PageServer) => Promise<void>): Promise<void> {
  const server = await servePage(await readBuiltPage(built), 0);
  try {
    await check(server);
  } finally {
    await server.close();
  }
}

describe('the server of the page', () => {
  it('sends its files with their types, and headers that allow threads and little else', () =>
    served(async (server) => {
      const index = await ask(server, '/');
      expect([index.code, index.headers['content-type'], index.body]).toEqual([
        200,
        'text/html; charset=utf-8',
        '<!doctype html><title>here</title>',
      ]);
      expect(index.headers).toMatchObject({
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'x-content-type-options': 'nosniff',
      });
      const policy = String(index.headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("worker-src 'self' blob:");
      expect(policy).toContain("frame-src 'self'; ");
      expect(policy).toContain("frame-ancestors 'self'");
      expect(policy).not.toContain('unsafe-inline');
      const script = await ask(server, '/assets/main.js?v=1');
      expect([script.code, script.headers['content-type'], script.body]).toEqual([
        200,
        'text/javascript; charset=utf-8',
        'export {};',
      ]);
    }));

  it('sends no body for HEAD, and refuses every other method', () =>
    served(async (server) => {
      const head = await ask(server, '/', { method: 'HEAD' });
      expect([head.code, head.headers['content-length'], head.body]).toEqual([200, '34', '']);
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
        const refused = await ask(server, '/', { method });
        expect([refused.code, refused.headers.allow]).toEqual([405, 'GET, HEAD']);
      }
    }));

  it.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/%2e%2e/secret.js',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.js',
    '/..%5csecret.js',
    '//secret.js',
    '/assets/link.js',
    '/assets/',
    '/notes',
    '/index.html%00',
    'http://127.0.0.1/index.html',
  ])('has nothing at %s', (path) =>
    served(async (server) => {
      const { code, body } = await ask(server, path);
      expect(code).toBe(404);
      expect(body).not.toContain('secret');
    }),
  );

  it('listens on 127.0.0.1 alone, not on the other addresses of this machine', () =>
    served(async (server) => {
      const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
      const addresses = others.filter(({ family, internal }) => family === 'IPv4' && !internal);
      for (const address of ['127.0.0.2', ...addresses.map((one) => one.address)]) {
        const url = server.url.replace('127.0.0.1', address);
        await expect(ask({ ...server, url }, '/'), address).rejects.toThrow(/ECONNREFUSED|EADDRNOTAVAIL/);
      }
    }));

  it('answers on its own address alone', () =>
    served(async (server) => {
      const { port } = new URL(server.url);
      for (const host of [
        'evil.example',
        `evil.example:${port}`,
        '127.0.0.1',
        `127.0.0.1:${Number(port) + 1}`,
      ]) {
        expect((await ask(server, '/', { host })).code, host).toBe(403);
      }
      expect((await ask(server, '/', { host: `localhost:${port}` })).code).toBe(200);
    }));

  it('takes a host without a port for port 80, and for no other', () => {
    for (const host of ['127.0.0.1', 'localhost', '127.0.0.1:80']) expect(isMeant(host, 80), host).toBe(true);
    for (const host of ['evil.example', '', undefined]) expect(isMeant(host, 80), host).toBe(false);
    expect(isMeant('localhost', 8080)).toBe(false);
  });
});

describe('pathwise page', () => {
  it('prints its address, serves, and ends on Ctrl-C as if all were well', async () => {
    let asked: Promise<string> | undefined;
    const { code, out, err } = await spawned(['page', '--no-open', '--folder', built], {
      onOutput: (soFar, kill) => {
        const url = /http:\S+/.exec(soFar)?.[0];
        if (url === undefined || !soFar.includes('Ctrl-C') || asked !== undefined) return;
        asked = fetch(url).then((response) => response.text());
        void asked.finally(() => kill('SIGINT'));
      },
    });
    expect(err).toBe('');
    expect(await asked).toContain('<title>here</title>');
    expect(out).toMatch(/the page is at http:\/\/127\.0\.0\.1:\d+\/\n/);
    expect(code).toBe(0);
  });

  it('says that a port is in use', () =>
    served(async (server) => {
      const { port } = new URL(server.url);
      const { code, err } = await inProcess('page', '--no-open', '--port', port, '--folder', built);
      expect([code, err]).toEqual([
        1,
        `error: port ${port} is in use; give another --port, or none for a free one\n`,
      ]);
    }));

  it('says how to build the page where there is none', async () => {
    const { code, err } = await inProcess('page', '--no-open', '--folder', join(place, 'nowhere'));
    expect(code).toBe(1);
    expect(err).toContain('make it with: npm run build:page');
  });

  it('takes no port that cannot be', async () => {
    expect((await inProcess('page', '--port', '70000')).code).toBe(2);
  });
});

describe('opener', () => {
  it('is what each system has', () => {
    expect(opener('darwin', {})).toEqual(['open']);
    expect(opener('win32', {})).toEqual(['rundll32', 'url.dll,FileProtocolHandler']);
    expect(opener('linux', { DISPLAY: ':0' })).toEqual(['xdg-open']);
    expect(opener('linux', {})).toBeNull();
  });
});
