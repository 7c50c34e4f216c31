/** Before each file of tests that share a process: what one changes for all is as it was for the next. */
import { afterAll, vi } from 'vitest';
import { backend, setBackend } from '../src/device/current.js';

const { name } = backend();

afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  setBackend(name);
});
