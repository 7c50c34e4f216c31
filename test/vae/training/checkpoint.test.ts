import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckpointError, decodeSafetensors, encodeSafetensors } from '../../../src/tensor/safetensors.js';
import { encodeSealed } from '../../../src/tensor/seal.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import { readCheckpoint } from '../../../src/vae/training/checkpoint.js';
import { Trainer } from '../../../src/vae/training/trainer.js';
import { bars, smallVae } from './bars.js';
import { runUntil } from './runs.js';

const train = bars(20);
const test = bars(10, 2);
const trainer = new Trainer(smallVae({ hidden: [4] }), { train, test, epochs: 3, batchSize: 8 });
runUntil(trainer, (event) => event.type === 'step' && event.epoch === 2 && event.step === 2);
const bytes = trainer.checkpoint();
const { tensors, metadata } = decodeSafetensors(bytes, 'c');

/** The checkpoint with one entry of the metadata changed. */
function changed(name: string, change: (value: Record<string, unknown>) => unknown): Uint8Array {
  return encodeSealed(tensors, {
    ...metadata,
    [name]: JSON.stringify(change(JSON.parse(metadata[name]))),
  });
}

const read = (b: Uint8Array) => () => Trainer.resume(b, 'run.safetensors', { train, test });

describe('readCheckpoint', () => {
  it('gives the model, the settings, the history, and where training stands', () => {
    const { vae, settings, history, progress } = readCheckpoint(bytes, 'c');
    expect(vae.config).toEqual(trainer.vae.config);
    expect(vae.stateDict()).toEqual(trainer.vae.stateDict());
    expect(settings).toEqual(trainer.settings);
    expect(history).toEqual(trainer.history);
    expect(progress).toMatchObject({ epoch: 1, step: 2 });
    expect(progress.positions.epsilon).toBeGreaterThan(0);
  });

  it('keeps the names of the model as PyTorch would have them, under model.', () => {
    expect([...tensors.keys()].filter((name) => name.startsWith('model.'))).toEqual(
      [...trainer.vae.namedParameters().keys()].map((name) => `model.${name}`),
    );
  });

  it.each<[string, Uint8Array, RegExp]>([
    [
      'another kind of file',
      encodeSafetensors(tensors, {}),
      /format '' version ''; expected 'pathwise-checkpoint'/,
    ],
    ['another version', encodeSafetensors(tensors, { ...metadata, version: '9' }), /version '9'; expected/],
    [
      'metadata that is not JSON',
      encodeSealed(tensors, { ...metadata, settings: '{' }),
      /'settings' is not JSON/,
    ],
    [
      'an unknown activation',
      changed('config', (c) => ({ ...c, activation: 'x' })),
      /config\.activation is "x"; expected 'relu', 'leakyRelu', /,
    ],
    [
      'a stream whose seed is no number',
      changed('stream', (s) => ({ ...s, seed: '\u001b[31m' })),
      /stream\.seed is "\\u001b\[31m"; expected the digits of a seed$/,
    ],
    ['a layer of no width', changed('config', (c) => ({ ...c, hidden: [0] })), /hidden is \[0\]/],
    [
      'a model larger than the file',
      changed('config', (c) => ({ ...c, hidden: [1e12] })),
      /at least 67000000000006 numbers, but the file's model has \d+ in all/,
    ],
    [
      'a model of another size',
      changed('config', (c) => ({ ...c, latent: 2 })),
      /wrong shape: 'mean\.weight'/,
    ],
    [
      'a setting out of range',
      changed('settings', (s) => ({ ...s, batchSize: 0 })),
      /settings\.batchSize is 0; expected an integer of 1 or more/,
    ],
    [
      'a setting that is missing',
      changed('settings', ({ epochs, ...s }) => s),
      /settings\.epochs is missing; expected an integer of 0 or more/,
    ],
    [
      'a setting of a later version',
      changed('settings', (s) => ({ ...s, momentum: 0.9 })),
      /settings has 'momentum', which this version does not know; there are epochs, batchSize/,
    ],
    [
      'data without an example',
      changed('data', (d) => ({ ...d, test: { ...Object(d.test), size: 0 } })),
      /data\.test\.size is 0; expected an integer of 1 or more/,
    ],
    [
      'a step beyond the epoch',
      changed('progress', (p) => ({ ...p, step: 9 })),
      /progress\.step is 9; expected an integer from 0 to 3/,
    ],
    [
      'an epoch that is not in the history',
      changed('progress', (p) => ({ ...p, epoch: 2 })),
      /progress\.epoch is 2; expected 1/,
    ],
    [
      'a history without its loss',
      changed('history', () => [{ epoch: 1, seconds: 1, train: {} }]),
      /history\[0\]\.train\.loss is missing/,
    ],
    [
      'a sum that is not a number',
      changed('progress', (p) => ({ ...p, sums: { loss: null } })),
      /progress\.sums\.loss is null/,
    ],
    [
      'data of another width',
      changed('data', (d) => ({ ...d, train: { ...Object(d.train), features: 63 } })),
      /data\.train\.features is 63; expected 64, as the model takes/,
    ],
    ['a list for an object', changed('data', () => []), /data is \[\]; expected an object/],
    [
      'a missing parameter',
      encodeSealed(new Map([...tensors].filter(([n]) => n !== 'model.mean.bias')), metadata),
      /missing: 'mean\.bias'/,
    ],
    [
      'a missing moment',
      encodeSealed(new Map([...tensors].filter(([n]) => !n.endsWith('mean.bias.exp_avg'))), metadata),
      /missing: 'mean\.bias\.exp_avg'/,
    ],
  ])('refuses %s', (_, damaged, message) => {
    expect(read(damaged)).toThrow(CheckpointError);
    expect(read(damaged)).toThrow(message);
    expect(read(damaged)).toThrow(/^run\.safetensors/);
  });

  it('refuses any metadata that is something else', () => {
    const names = ['config', 'dtype', 'settings', 'progress', 'history', 'data'];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 2 }), (name, value) => {
        fc.pre(!(name === 'history' && Array.isArray(value) && value.length === 1));
        expect(read(changed(name, () => value))).toThrow(CheckpointError);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses each prefix that ends between its parts', () => {
    for (let length = 0; length < bytes.length; length += 97) {
      expect(read(bytes.subarray(0, length))).toThrow(CheckpointError);
    }
  });

  /** A tensor of the checkpoint with one element changed, in a file that agrees with itself. */
  function withElement(name: string, value: number, encode: typeof encodeSealed): Uint8Array {
    const before = tensors.get(name);
    const copy = new Tensor(Float32Array.from(before?.data ?? []), before?.shape ?? []);
    copy.data[1] = value;
    return encode(new Map([...tensors, [name, copy]]), metadata);
  }

  it('refuses every flipped bit that changes what the file says', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const damaged = bytes.slice();
        damaged[at] ^= 1 << bit;
        let said: ReturnType<typeof decodeSafetensors>;
        try {
          said = decodeSafetensors(damaged, 'c');
        } catch (error) {
          expect(error).toBeInstanceOf(CheckpointError);
          expect(read(damaged)).toThrow(CheckpointError);
          return;
        }
        // A space that becomes another one says the same.
        const same =
          JSON.stringify(said.metadata) === JSON.stringify(metadata) &&
          [...tensors].every(([name, t]) =>
            Buffer.from(t.data.buffer).equals(
              Buffer.from(said.tensors.get(name)?.data.buffer ?? new ArrayBuffer(0)),
            ),
          );
        if (same) read(damaged)();
        else expect(read(damaged)).toThrow(CheckpointError);
      }),
      { numRuns: 500 },
    );
    const last = bytes.slice();
    last[last.length - 1] ^= 1;
    expect(read(last)).toThrow(
      /the SHA-256 of its content is [0-9a-f]{64}, but its metadata says [0-9a-f]{64}: the file is damaged/,
    );
  });

  it('reads what another program wrote again, in its own order', () => {
    const { sha256, ...rest } = metadata;
    const again = encodeSafetensors(new Map([...tensors].reverse()), { sha256, ...rest });
    expect(again).not.toEqual(bytes);
    expect(readCheckpoint(again, 'c').vae.stateDict()).toEqual(trainer.vae.stateDict());
  });

  it('refuses a file without its hash, but for those older than the hash', () => {
    const { sha256, ...older } = metadata;
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(read(encodeSafetensors(tensors, older))).toThrow(
      /, but its metadata has none: the file is damaged/,
    );
    const resumed = read(encodeSafetensors(tensors, { ...older, version: '1' }))();
    expect(resumed.vae.stateDict()).toEqual(trainer.vae.stateDict());
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuses a model with %s in it',
    (value) => {
      const { sha256: _, ...rest } = metadata;
      const unsealed: typeof encodeSealed = (all) => encodeSafetensors(all, { ...rest, version: '1' });
      for (const encode of [encodeSealed, unsealed]) {
        for (const name of ['model.mean.weight', 'optimizer.mean.weight.exp_avg_sq']) {
          const file = withElement(name, value, encode);
          const where = name.replace(/^\w+\./, '').replaceAll('.', '\\.');
          expect(read(file)).toThrow(
            new RegExp(`element 1 of '${where}' is -?(NaN|Infinity); every number must be finite`),
          );
          expect(read(file)).toThrow(/^run\.safetensors: /);
        }
        expect(() => readCheckpoint(withElement('model.mean.weight', value, encode), 'c')).toThrow(
          CheckpointError,
        );
      }
    },
  );
});
