import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach } from 'vitest';

/** Registers a clean-up and returns a function that starts a server on 127.0.0.1 and gives its address. */
export function localServers(): (answer: RequestListener) => Promise<string> {
  const started: Server[] = [];
  afterEach(async () => {
    for (const server of started.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
  return async (answer) => {
    const server = createServer(answer);
    started.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    return `http://127.0.0.1:${address.port}/`;
  };
}
