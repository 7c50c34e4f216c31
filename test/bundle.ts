import { build } from 'esbuild';

/**
 * Bundles programs as `npm run bundle` does the package, so that a process that runs one loads a few files of JavaScript:
 * to load hundreds of TypeScript takes longer than most programs run.
 * @param root the folder of the project
 * @param entries paths of the programs in it; `src/a.ts` becomes `src/a.js` in `outdir`
 * @param outdir below a package.json and a node_modules
 */
export async function bundlePrograms(
  root: string,
  entries: readonly string[],
  outdir: string,
): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [...entries],
    outbase: root,
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    packages: 'external',
    tsconfig: 'tsconfig.json',
    logLevel: 'error',
  });
}
