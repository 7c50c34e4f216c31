import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests in a browser: one Chromium and one build of the page serve them all. */
const BROWSER = [
  'test/determinism/determinism.test.ts',
  'test/page/estimators/view.test.ts',
  ...[
    'break',
    'check',
    'first-view',
    'keeping',
    'read',
    'site',
    'step',
    'train',
    'train-view',
    'trouble',
    'views',
  ].map((name) => `test/page/${name}.test.ts`),
];

/**
 * Files with a process of their own: they leave an op or a part registered, load modules anew, start threads, measure
 * the memory of the process, or list ops in the order in which modules were loaded. All others share a process: loading the engine for each would take longer than most tests.
 */
const ALONE = [
  'test/autograd/define-op.test.ts',
  'test/bench/suites/page.test.ts',
  'test/device/**/*.test.ts',
  'test/repository/reference.test.ts',
  'test/tensor/memory/*.test.ts',
  'test/tensor/options.test.ts',
  'test/testing/properties.test.ts',
  'test/vae/check-parts.test.ts',
  'test/vae/dropout.test.ts',
  'test/vae/parts.test.ts',
  'test/vae/training/memory.test.ts',
  'test/vae/training/objectives.test.ts',
];

/** Files that take long: the sooner they begin, the less does one core wait for the other at the end. */
const LONG = [
  'docs/walkthrough',
  'repository/package',
  'bench/measure/memory',
  'autograd/gradcheck/property',
  'autograd/ops/registry',
  'vae/check',
  'cli/command',
];

/** Projects one after another, as a worker is kept from one file to the next only within a project; long files first. */
class Order extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      LONG.some((name) => moduleId.endsWith(`/${name}.test.ts`));
    return ['browser', 'alone', 'together'].flatMap((name) => {
      const own = sorted.filter(({ project }) => project.name === name);
      return [...own.filter(isLong), ...own.filter((file) => !isLong(file))];
    });
  }
}

export default defineConfig({
  test: {
    // Far longer than needed: a busy machine is no failure.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
    // By default one core is left free, which on a machine with two is half of it.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: Order },
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'text'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'browser',
          include: BROWSER,
          isolate: false,
          globalSetup: 'test/browser/setup.ts',
          setupFiles: 'test/together.ts',
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE } },
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: [...BROWSER, ...ALONE],
          isolate: false,
          setupFiles: 'test/together.ts',
        },
      },
    ],
  },
});
