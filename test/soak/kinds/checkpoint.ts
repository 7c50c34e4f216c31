import assert from 'node:assert/strict';
import fc from 'fast-check';
import { imageDataset } from '../../../src/data/dataset.js';
import { drawGlyphs } from '../../../src/data/glyphs/index.js';
import { sessionFrom } from '../../../src/page/worker/files/load.js';
import { Random } from '../../../src/tensor/random/stream.js';
import { decodeSafetensors, encodeSafetensors } from '../../../src/tensor/safetensors.js';
import { encodeSealed } from '../../../src/tensor/seal.js';
import { readCheckpoint } from '../../../src/vae/training/checkpoint.js';
import { Trainer } from '../../../src/vae/training/trainer.js';
import { VAE } from '../../../src/vae.js';
import { damaged, damagedJson } from '../../damage.js';
import { runUntil } from '../../vae/training/runs.js';
import { read } from '../fuzz.js';
import type { Kind } from '../kind.js';

const FILE = 'a.safetensors';
const EXAMPLES = 12;

/** A checkpoint in the middle of an epoch, with its data. */
function make() {
  const [train, test] = [0, EXAMPLES].map((start) =>
    imageDataset(drawGlyphs({ count: EXAMPLES, seed: 1, start })),
  );
  const vae = new VAE({ features: 784, hidden: [3], latent: 2 }, { stream: new Random(1).stream('init') });
  const trainer = new Trainer(vae, { train, test, epochs: 3, batchSize: 5, seed: 1 });
  runUntil(trainer, (event) => event.type === 'step' && event.epoch === 2 && event.step === 2);
  const bytes = trainer.checkpoint();
  return { data: { train, test }, bytes, ...decodeSafetensors(bytes, FILE) };
}

/** Our checkpoints: any bytes changed, and any metadata in a file that agrees with its seal. */
export const checkpoint: Kind = {
  name: 'checkpoint',
  doc: 'damaged checkpoints, their metadata also under a right seal',
  share: 2,
  async prepare() {
    const { data, bytes, tensors, metadata } = make();
    const { sha256: _, ...older } = metadata;
    const names = Object.keys(metadata).filter((name) => /^[{[]/.test(metadata[name]));
    const anyMetadata = fc
      .constantFrom(...names)
      .chain((name) => damagedJson(metadata[name]).map((text) => ({ ...older, [name]: text })));
    const anyTensors = fc
      .tuple(fc.constantFrom(...tensors.keys()), fc.nat(), fc.float())
      .map(([name, at, value]) => {
        const copy = new Map(tensors);
        const before = tensors.get(name);
        if (before === undefined) return copy;
        const t = before.clone();
        t.data[at % t.size] = value;
        return copy.set(name, t);
      });
    const anyFile = fc.oneof(
      damaged(bytes),
      anyMetadata.map((texts) => encodeSealed(tensors, texts)),
      anyMetadata.map((texts) => encodeSafetensors(tensors, { ...texts, version: '1' })),
      anyTensors.map((changed) => encodeSealed(changed, older)),
    );
    return async (one) => {
      const file = one.keep(FILE, one.draw(anyFile));
      const refusal = { errors: ['CheckpointError'], file: FILE, size: file.length };
      const found = await read(() => readCheckpoint(file, FILE), refusal);
      if (found === undefined) return 1;
      const { progress, settings } = found;
      assert.ok(
        progress.step <= Math.ceil(found.data.train.size / settings.batchSize),
        'steps beyond the epoch',
      );
      const said = decodeSafetensors(file, FILE);
      // Under the seal nothing but the layout may differ; a file that calls itself older has none.
      if (said.metadata.sha256 === metadata.sha256 && said.metadata.version === metadata.version) {
        assert.deepEqual(said.metadata, metadata);
        for (const [name, t] of tensors) assert.deepEqual(said.tensors.get(name), t);
      }
      const values = [...found.vae.stateDict().values()].flatMap((t) => [...t.data]);
      assert.ok(values.every(Number.isFinite), 'a number that is not finite');
      const resume = () => Trainer.resume(file, FILE, data);
      // Data of another size or kind is refused by the trainer's name.
      const errors = ['CheckpointError', 'ShapeError', 'RangeError', 'TypeError'];
      const trainer = await read(resume, { ...refusal, errors, file: '' });
      if (trainer !== undefined) {
        const step = () => trainer.run().next();
        await read(step, { errors: ['TrainingError'], file: 'epoch', size: file.length });
      }
      if (found.data.train.size > EXAMPLES || (found.data.test?.size ?? 0) > EXAMPLES) return 1;
      await read(() => sessionFrom(file, FILE, null), { ...refusal, errors: ['Error', ...errors] });
      return 1;
    };
  },
};
