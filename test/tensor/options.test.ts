import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => vi.unstubAllEnvs());

/** The options of a process that has just started. */
async function fresh() {
  vi.resetModules();
  return import('../../src/tensor/options.js');
}

describe('configure', () => {
  it('sets options, before the environment, before the defaults', async () => {
    vi.stubEnv('PATHWISE_MEMORY', '64');
    vi.stubEnv('PATHWISE_THREADS', '3');
    vi.stubEnv('PATHWISE_TILE', '4x12');
    const { configure, memoryOption, threadsOption, tileOption, fastMathOption } = await fresh();
    configure({ memory: 100, fastMath: true });
    expect([memoryOption(), threadsOption(), tileOption(), fastMathOption()]).toEqual([100, 3, '4x12', true]);
  });

  it('has defaults', async () => {
    for (const name of ['PATHWISE_MEMORY', 'PATHWISE_THREADS', 'PATHWISE_TILE']) vi.stubEnv(name, '');
    const { memoryOption, threadsOption, tileOption, fastMathOption } = await fresh();
    expect([memoryOption(), threadsOption(), tileOption(), fastMathOption()]).toEqual([
      1024,
      undefined,
      undefined,
      false,
    ]);
  });

  it('comes too late once an option is in use, unless it says the same', async () => {
    const { configure, memoryOption } = await fresh();
    configure({ memory: 100 });
    memoryOption();
    expect(() => configure({ memory: 100 })).not.toThrow();
    expect(() => configure({ memory: 200 })).toThrow(
      'configure: memory is in use already; call configure before the first op',
    );
  });

  it.each([
    [{ memory: 7 }, 'configure: memory is 7; it must be an integer from 8 to 2047'],
    [{ memory: 2048 }, 'configure: memory is 2048'],
    [{ threads: 0 }, 'configure: threads is 0; it must be an integer from 1 to 64'],
    [{ threads: 1.5 }, 'configure: threads is 1.5'],
    [{ tile: 'big' }, "configure: tile is 'big'; it must be rows x columns, as in '4x8'"],
  ])('refuses %j', async (options, message) => {
    const { configure } = await fresh();
    expect(() => configure(options)).toThrow(message);
  });

  it('refuses what it does not know, and other types', async () => {
    const { configure } = await fresh();
    expect(() => configure(JSON.parse('{"treads": 2}'))).toThrow(
      "configure: there is no option 'treads'; there are memory, threads, tile, fastMath",
    );
    expect(() => configure(JSON.parse('{"fastMath": "yes"}'))).toThrow(
      "configure: fastMath is 'yes'; it must be true or false",
    );
  });

  it.each([
    ['PATHWISE_MEMORY', 'lots', 'memoryOption', "PATHWISE_MEMORY is 'lots'; it must be a number"],
    ['PATHWISE_THREADS', '0', 'threadsOption', 'PATHWISE_THREADS is 0'],
    ['PATHWISE_TILE', '4', 'tileOption', "PATHWISE_TILE is '4'"],
  ] as const)('names %s when it is wrong', async (variable, value, option, message) => {
    vi.stubEnv(variable, value);
    const options = await fresh();
    expect(() => options[option]()).toThrow(message);
    expect(() => options.readOptions()).toThrow(message);
  });
});
