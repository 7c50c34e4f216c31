/**
 * Stryker notes which tests reach which mutant, and turns a mutant on when modules are loaded. Ops are built while
 * modules are loaded and bodies are traced once, so that neither is the right grain here: a file's tests all reach what one of
 * them or its loading reaches, and a mutant is on before anything is loaded.
 */
import { afterAll, afterEach, inject } from 'vitest';

type Hits = Record<string, number>;

declare module 'vitest' {
  interface ProvidedContext {
    readonly mode: 'dry-run' | 'mutant';
    readonly activeMutant: string;
    readonly globalNamespace: '__stryker__';
  }
}

interface Stryker {
  activeMutant?: string;
  currentTestId?: string;
  mutantCoverage?: { static: Hits; perTest: Record<string, Hits> };
}

const stryker: Stryker = Reflect.get(globalThis, inject('globalNamespace'));

if (inject('mode') === 'mutant') stryker.activeMutant = inject('activeMutant');
else {
  const tests: string[] = [];
  afterEach(() => {
    if (stryker.currentTestId !== undefined) tests.push(stryker.currentTestId);
  });
  afterAll(() => {
    const { mutantCoverage: found } = stryker;
    if (found === undefined) return;
    const reached = [found.static, ...Object.values(found.perTest)].flatMap(Object.keys);
    const all = Object.fromEntries(reached.map((mutant) => [mutant, 1]));
    found.static = {};
    for (const test of tests) found.perTest[test] = { ...all, ...found.perTest[test] };
  });
}
