/**
 * Makes the pictures of the README, docs/images: `npm run pictures`. It trains latent2 on drawn digits as `npm start` does, and
 * takes a picture of the page with a browser, after some training of its own.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from '../test/browser/chromium.js';

const ROOT = join(import.meta.dirname, '..');
const IMAGES = join(import.meta.dirname, 'images');
const PATHWISE = ['--import', 'tsx', 'src/cli/main.ts'];
/** Gradient steps of the page's training: some five epochs. */
const STEPS = 400;
const PATIENCE = 180_000;

/** The plane of codes decoded, from a run of the command. */
function pictureOfModel(): void {
  const folder = mkdtempSync(join(tmpdir(), 'pathwise-pictures-'));
  try {
    const run = join(folder, 'run');
    execFileSync(process.execPath, [...PATHWISE, 'train', '--epochs', '5', '--out', run], {
      cwd: ROOT,
      stdio: 'inherit',
    });
    copyFileSync(join(run, 'manifold.png'), join(IMAGES, 'manifold.png'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The address that `pathwise page` prints. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout?.on('data', (chunk) => {
      said += String(chunk);
      const [address] = /http:\/\/\S+/.exec(said) ?? [];
      if (address !== undefined) resolve(address);
    });
    server.once('exit', (code) => reject(new Error(`pathwise page ended with ${code}: ${said}`)));
  });
}

async function pictureOfPage(executablePath: string): Promise<void> {
  const server = spawn(process.execPath, [...PATHWISE, 'page', '--no-open'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-quic'] });
  try {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 1120 },
      colorScheme: 'light',
      reducedMotion: 'reduce',
    });
    await page.goto(`${await addressOf(server)}#/step?at=${STEPS}&node=logvar&phase=backward`);
    await page.getByText(`step ${STEPS}, ready`).waitFor({ timeout: PATIENCE });
    // What is drawn from the model comes a moment later.
    await page.waitForTimeout(3000);
    await page.screenshot({ path: join(IMAGES, 'page.png') });
  } finally {
    await browser.close();
    server.kill('SIGINT');
  }
}

const executablePath = findChromium();
if (executablePath === undefined) throw new Error('the picture of the page needs a Chromium');
mkdirSync(IMAGES, { recursive: true });
pictureOfModel();
await pictureOfPage(executablePath);
