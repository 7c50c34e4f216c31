import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOptions, UsageError } from '../../bench/options.js';

const KNOWN = ['limit', 'matmul', 'epoch'];
const parse = (...args: string[]) => parseOptions(args, KNOWN);

describe('parseOptions', () => {
  it('runs everything, with peers, three times unless told otherwise', () => {
    expect(parse()).toEqual({
      suites: KNOWN,
      quick: false,
      peers: true,
      repeat: 3,
      json: undefined,
      force: false,
      node: process.execPath,
      help: false,
    });
  });

  it('--quick is one process each without peers, but both can be asked for', () => {
    expect(parse('--quick')).toMatchObject({ quick: true, peers: false, repeat: 1 });
    expect(parse('--quick', '--peers', '--repeat', '2')).toMatchObject({ peers: true, repeat: 2 });
    expect(parse('--no-peers')).toMatchObject({ quick: false, peers: false, repeat: 3 });
  });

  it('keeps the order of the list of suites, each once', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...KNOWN), { minLength: 1 }), (names) => {
        expect(parse(...names).suites).toEqual(KNOWN.filter((name) => names.includes(name)));
      }),
    );
  });

  it.each([
    [['matmull'], "no suite is named 'matmull'; there are limit, matmul, epoch"],
    [['--fast'], "Unknown option '--fast'"],
    [['--json'], '--json'],
    [['--json='], '--json is empty'],
    [['--node='], '--node is empty'],
    [['--repeat', '0'], "--repeat is '0'; it must be a whole number from 1 to 100"],
    [['--repeat', '1e1'], "--repeat is '1e1'"],
    [['--repeat', '101'], "--repeat is '101'"],
    [['--force'], '--force says to overwrite the file of --json'],
    [['--peers', '--no-peers'], '--peers and --no-peers exclude each other'],
  ])('refuses %j', (args, message) => {
    expect(() => parse(...args)).toThrow(UsageError);
    expect(() => parse(...args)).toThrow(message);
  });
});
