/** One Chromium and one build of the page for all tests that need them; each test opens a context of its own. */
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { siteFiles } from '../../docs/site/site.js';
import { buildPage } from './build-page.js';
import { findChromium } from './chromium.js';
import { serve } from './serve.js';

/** Where the tests find the browser and the page. */
export interface SharedBrowser {
  /** Of Chromium, for `chromium.connect`. */
  readonly endpoint: string;
  /**
   * The page, served with the headers that let the engine share memory between threads, and without; and the site, without them,
   * in a folder.
   */
  readonly sites: { readonly isolated: string; readonly plain: string; readonly folder: string };
}

declare module 'vitest' {
  interface ProvidedContext {
    /** null where there is no Chromium. */
    readonly browser: SharedBrowser | null;
  }
}

/** Files by path, in a folder. */
const inFolder = (folder: string, files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [folder + path, text]));

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
  const site = { ...files, ...inFolder('/', siteFiles(files['/index.html'], {})) };
  const [isolated, plain, folder] = await Promise.all([
    serve(files, true),
    serve(files, false),
    serve(inFolder('/some/folder', site), false),
  ]);
  project.provide('browser', {
    endpoint: server.wsEndpoint(),
    sites: { isolated: isolated.url, plain: plain.url, folder: `${folder.url}/some/folder` },
  });
  return async () => {
    await Promise.all([server.close(), isolated.close(), plain.close(), folder.close()]);
  };
}
