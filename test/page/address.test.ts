import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partsIn } from '../../src/page/shared/parts.js';
import { DEFAULTS, ofPreset } from '../../src/page/shared/settings.js';
import { formatAddress, parseAddress } from '../../src/page/state/address.js';
import { anyAddress } from './arbitraries.js';

describe('the address', () => {
  it('keeps everything: what is written is read back', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        expect(parseAddress(formatAddress(address))).toEqual({ address, problems: [] });
      }),
    );
  });

  it('is short where nothing is unusual', () => {
    const address = { view: 'step', settings: DEFAULTS, at: 0, params: {} } as const;
    expect(formatAddress(address)).toBe('#/step');
    const settings = { ...DEFAULTS, ...ofPreset('latent20') };
    expect(formatAddress({ ...address, settings, at: 40, params: { node: 'z' } })).toBe(
      '#/step?preset=latent20&at=40&node=z',
    );
  });

  it('shows the first view where it says nothing', () => {
    for (const hash of ['', '#', '#/', '#/train']) {
      expect(parseAddress(hash)).toEqual({
        address: { view: 'train', settings: DEFAULTS, at: 0, params: {} },
        problems: [],
      });
    }
  });

  it('tells what it cannot read, and takes the usual instead', () => {
    const { address, problems } = parseAddress(
      '#/nowhere?latent=0&beta=x&lr=0&seed=-1&at=1.5&preset=big&count=',
    );
    expect(address).toEqual({ view: 'train', settings: DEFAULTS, at: 0, params: {} });
    expect(problems).toEqual([
      "there is no view 'nowhere'; there are train, step, check, estimators, break, read",
      "preset is 'big'; it must be 'small2', 'latent2', 'latent20', 'latent128', 'conv2', 'conv20', 'conv32' or 'residual32'",
      "latent is '0'; it must be an integer from 1 to 256",
      "lr is '0'; it must be a finite number above 0",
      "beta is 'x'; it must be a finite number of 0 or more",
      "seed is '-1'; it must be an integer of 0 or more",
      "count is ''; it must be an integer from 1 to 60000",
      "at is '1.5'; it must be an integer from 0 to 1000000",
    ]);
  });

  it('quotes a little of an address of 100,000 characters', () => {
    const long = 'x'.repeat(100_000);
    const { problems } = parseAddress(
      `#/${long}?latent=${long}&preset=${long}&hidden=${'9,'.repeat(50_000)}x&at=${long}`,
    );
    expect(problems.length).toBeGreaterThanOrEqual(4);
    for (const problem of problems) expect(problem.length).toBeLessThan(250);
  });

  it('does not read an address of a million characters', () => {
    const { address, problems } = parseAddress(`#/step?seed=3&node=${'x'.repeat(1_000_000)}`);
    expect(address).toEqual(parseAddress('').address);
    expect(problems).toEqual([expect.stringMatching(/^the address has 1000019 characters/)]);
  });

  it('takes a model 100,000 deep for none', () => {
    const model = '['.repeat(100_000);
    expect(partsIn(model)).toEqual({});
    expect(() => parseAddress(`#/train?model=${encodeURIComponent(model)}`)).not.toThrow();
  });
});
