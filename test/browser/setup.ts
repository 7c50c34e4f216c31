/** One Chromium and one build of the page for all tests that need them; each test opens a context of its own. */
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { buildPage } from './build-page.js';
import { findChromium } from './chromium.js';
import { serve } from './serve.js';

/** Where the tests find the browser and the page. */
export interface SharedBrowser {
  /** Of Chromium, for `chromium.connect`. */
  readonly endpoint: string;
  /** The page, served with the headers that let the engine share memory between threads, and without. */
  readonly sites: { readonly isolated: string; readonly plain: string };
}

declare module 'vitest' {
  interface ProvidedContext {
    /** null where there is no Chromium. */
    readonly browser: SharedBrowser | null;
  }
}

/** Runs before the first test of the project; what it returns runs after the last. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    project.provide('browser', null);
    return undefined;
  }
  const [files, server] = await Promise.all([
    buildPage(),
    chromium.launchServer({ executablePath, args: ['--no-sandbox', '--disable-quic'] }),
  ]);
  const [isolated, plain] = await Promise.all([serve(files, true), serve(files, false)]);
  project.provide('browser', {
    endpoint: server.wsEndpoint(),
    sites: { isolated: isolated.url, plain: plain.url },
  });
  return async () => {
    await Promise.all([server.close(), isolated.close(), plain.close()]);
  };
}
