import { defineConfig } from 'vitest/config';
import {
  BaseSequencer,
  type Reporter,
  type RunnerTestCase,
  type TestSpecification,
  type Vitest,
} from 'vitest/node';

/**
 * How Stryker runs the tests: `npm run mutation` names the room of the mutants. A mutant is killed by the tests of its
 * own room; left out are those that take long or test the checks themselves.
 */
const { PATHWISE_MUTATION: room = 'nn' } = process.env;

const LEFT_OUT = [
  'test/autograd/{fast-paths,large-graphs}.test.ts',
  'test/autograd/gradcheck/property.test.ts',
  'test/autograd/ops/{mutations,plain-loops}.test.ts',
  'test/nn/{deep,xor}.test.ts',
  'test/vae/{check,check-parts}.test.ts',
  'test/vae/training/{learning,models,resume}.test.ts',
];

/** They leave something registered. */
const ALONE = [
  'test/autograd/define-op.test.ts',
  'test/vae/dropout.test.ts',
  'test/vae/parts.test.ts',
  'test/vae/training/objectives.test.ts',
];

/**
 * The first run learns which files reach which mutants. Each has a process of its own then, since a body is traced once
 * and modules are loaded once in a process: what comes later would seem not to reach them. In the runs that follow the mutant
 * is there from the start, so that files share a process; the last that failed comes first, then the shortest.
 */
class Order extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { mode } = this.ctx.getRootProject().getProvidedContext();
    for (const project of this.ctx.projects) {
      project.config.isolate = mode === 'dry-run' || project.name === 'alone';
      // All tests of a file: see test/mutation/setup.ts.
      delete project.config.testNamePattern;
    }
    const known = ({ moduleId, project }: TestSpecification) =>
      this.ctx.cache.getFileTestResults(`${project.name}:${moduleId.slice(this.ctx.config.root.length + 1)}`);
    const rank = (file: TestSpecification): number => {
      const { failed = false, duration = 0 } = known(file) ?? {};
      return failed ? -1 : duration;
    };
    return [...files].sort((a, b) => rank(a) - rank(b));
  }
}

/** Stryker looks at tests alone: a file that fails to load, as many do with a mutant in them, gets a test that failed. */
class FailedFiles implements Reporter {
  private vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.vitest = vitest;
  }

  onTestRunEnd(): void {
    for (const file of this.vitest?.state.getFiles() ?? []) {
      if (!file.result?.errors?.length) continue;
      const { id, result } = file;
      const failed: Partial<RunnerTestCase> = {
        id: `${id}_loads`,
        name: 'loads',
        type: 'test',
        mode: 'run',
        file,
        result,
      };
      file.tasks.push(failed as RunnerTestCase);
    }
  }
}

export default defineConfig({
  cacheDir: '.vite',
  test: {
    // None: a machine may be as busy as it likes. Stryker ends what runs in circles.
    testTimeout: 0,
    hookTimeout: 0,
    reporters: [new FailedFiles()],
    sequence: { sequencer: Order },
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: [`test/${room}/**/*.test.ts`],
          exclude: [...LEFT_OUT, ...ALONE],
          setupFiles: ['test/mutation/setup.ts', 'test/together.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ALONE.filter((file) => file.startsWith(`test/${room}/`)),
          setupFiles: 'test/mutation/setup.ts',
        },
      },
    ],
  },
});
