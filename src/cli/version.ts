import { createRequire } from 'node:module';

/** The package's version. */
export function version(): string {
  const manifest: unknown = createRequire(import.meta.url)('pathwise/package.json');
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
    return String(manifest.version);
  throw new Error('package.json has no version');
}
