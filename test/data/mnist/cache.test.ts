import { join } from 'node:path';
import { expect, it } from 'vitest';
import { defaultCache } from '../../../src/node.js';

it.each([
  ['linux', {}, join('/home/ann', '.cache', 'pathwise', 'mnist')],
  ['linux', { XDG_CACHE_HOME: '/big/cache' }, join('/big/cache', 'pathwise', 'mnist')],
  ['linux', { XDG_CACHE_HOME: 'relative' }, join('/home/ann', '.cache', 'pathwise', 'mnist')],
  ['darwin', {}, join('/home/ann', 'Library', 'Caches', 'pathwise', 'mnist')],
  ['win32', { LOCALAPPDATA: 'C:/Local' }, join('C:/Local', 'pathwise', 'Cache', 'mnist')],
  ['win32', {}, join('/home/ann', 'AppData', 'Local', 'pathwise', 'Cache', 'mnist')],
])('keeps downloads where %s with %j keeps such things', (platform, env, folder) => {
  expect(defaultCache('mnist', env, platform, '/home/ann')).toBe(folder);
});
