import { defineConfig, type OutputOptions } from 'rolldown';

/** What `package.json` exports, and the command. */
export const entries = [
  'index',
  'check',
  'data/index',
  'graph',
  'nn',
  'node',
  'study/index',
  'testing/index',
  'vae',
  'cli/main',
];

/**
 * One file for all that entries share of a room. Without groups each set of entries that shares a module gets a file of its
 * own, and the import of `pathwise`, its nn and its vae reads 25 of them in place of 7, which takes 8 ms longer.
 */
export const rooms = {
  groups: [
    { name: 'engine', test: /src\/(tensor|program|device|autograd)\//, minShareCount: 2 },
    { name: 'nn', test: /src\/nn\//, minShareCount: 2 },
    { name: 'vae', test: /src\/(vae|data)\//, minShareCount: 2 },
  ],
} satisfies OutputOptions['codeSplitting'];

/** Packages and Node's own modules are not bundled. */
export const packages = /^(?![./]|[A-Za-z]:\\)/;

export default defineConfig({
  input: Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`])),
  platform: 'node',
  logLevel: 'warn',
  external: packages,
  transform: { target: 'es2022' },
  output: {
    dir: 'dist',
    format: 'esm',
    sourcemap: true,
    chunkFileNames: 'chunk-[name]-[hash].js',
    codeSplitting: rooms,
  },
});
