import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Far longer than needed: a busy machine is no failure.
    testTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
    // By default one core is left free, which on a machine with two is half of it.
    maxWorkers: availableParallelism(),
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'text'] },
  },
});
