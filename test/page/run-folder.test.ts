import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { imageDataset } from '../../src/data/dataset.js';
import { drawGlyphs } from '../../src/data/glyphs/index.js';
import { encodeImages, encodeLabels } from '../../src/data/index.js';
import { Random } from '../../src/index.js';
import { DEFAULTS, ofPreset, type Settings } from '../../src/page/shared/settings.js';
import { formatAddress, parseAddress } from '../../src/page/state/address.js';
import { breakCalls } from '../../src/page/worker/calls/break.js';
import { checkCalls } from '../../src/page/worker/calls/check.js';
import { estimatorsCalls } from '../../src/page/worker/calls/estimators.js';
import { inferCalls } from '../../src/page/worker/calls/infer.js';
import { latentCalls } from '../../src/page/worker/calls/latent.js';
import { walkCalls } from '../../src/page/worker/calls/walk.js';
import { glyphData, ownData } from '../../src/page/worker/data.js';
import { sessionFrom } from '../../src/page/worker/files/load.js';
import { splitOf, withFiles } from '../../src/page/worker/files/own.js';
import { checkpointOf, configOf, runFolderZip } from '../../src/page/worker/files/run.js';
import type { Lab } from '../../src/page/worker/lab.js';
import { Session } from '../../src/page/worker/session.js';
import { TRICK_MODES } from '../../src/study/index.js';
import { runThrough } from '../../src/tensor/run-through.js';

import { decodeSafetensors } from '../../src/tensor/safetensors.js';
import { encodeSealed } from '../../src/tensor/seal.js';
import { parseConfig } from '../../src/vae/run/config.js';
import { readCheckpoint } from '../../src/vae/training/index.js';
import {
  elbo,
  gaussianLikelihood,
  gaussianPosterior,
  label,
  mlp,
  Trainer,
  VAE,
  type VAEParts,
} from '../../src/vae.js';
import { inProcess, temporaryFolder } from '../cli/harness.js';
import { advance } from './advance.js';
import { parametersOf } from './parameters.js';

const place = await temporaryFolder();
/** Two steps an epoch; a narrow model, as a step of it takes a few milliseconds. */
const settings: Settings = { ...DEFAULTS, ...ofPreset('latent20'), latent: 2, count: 130 };

function trained(steps: number, session = new Session(settings)): Session {
  for (let i = 0; i < steps; i++) advance(session);
  return session;
}

const readBytes = async (path: string): Promise<Uint8Array> => new Uint8Array(await readFile(path));

/** Unpacks a zipped run folder below `place`. @returns its path */
async function unpacked(session: Session, name: string): Promise<string> {
  for (const [path, bytes] of Object.entries(unzipSync(runFolderZip(session, '1.2.3', name)))) {
    if (path.endsWith('/')) continue;
    await mkdir(dirname(join(place, path)), { recursive: true });
    await writeFile(join(place, path), bytes);
  }
  return join(place, name);
}

describe('a run folder of the page', () => {
  let run: string;
  beforeAll(async () => {
    run = await unpacked(trained(3), 'run');
  });

  it('says what the run is, and how to repeat it', () => {
    const config = configOf(trained(3), '1.2.3');
    expect(config.command).toBe(
      'pathwise train --preset latent20 --latent 2 --epochs 2 --learning-rate 0.003 --limit 130',
    );
    expect(parseConfig(JSON.stringify(config), 'config.json')).toEqual({
      preset: 'latent20',
      data: { source: 'glyphs', folder: null, seed: 0, train: 130, test: 130 },
      image: { rows: 28, columns: 28, channels: 1 },
      model: config.model,
      training: config.training,
    });
  });

  it('is read by pathwise sample and reconstruct', async () => {
    const samples = await inProcess('sample', run, '--count', '4', '--out', join(place, 'samples.png'));
    expect([samples.code, samples.err]).toEqual([0, '']);
    const pictures = await inProcess('reconstruct', run, '--out', join(place, 'reconstructions.png'));
    expect([pictures.code, pictures.err]).toEqual([0, '']);
  });

  it('is gone on with by pathwise train --resume, bit for bit', async () => {
    const { code, err } = await inProcess('train', '--resume', run, '--epochs', '2', '--json');
    expect([code, err]).toEqual([0, '']);
    const { vae } = sessionFrom(await readBytes(join(run, 'checkpoint.safetensors')), 'it', null);
    expect(parametersOf(vae)).toEqual(parametersOf(trained(4).vae));
    expect(parametersOf(vae)).not.toEqual(parametersOf(trained(3).vae));
  });

  it('has every entry below its name in the archive, whatever the files of a person are called', () => {
    const glyphs = drawGlyphs({ count: 60, seed: 9 });
    const contents = [
      { path: '../../train-images', bytes: encodeImages(glyphs) },
      { path: '/etc/labels\\..\\x', bytes: encodeLabels(glyphs.labels) },
    ];
    const own = { ...settings, data: 'own', count: 60 } as const;
    const session = new Session(own, ownData(splitOf(withFiles({}, contents)), own));
    const names = Object.keys(unzipSync(runFolderZip(session, '1.2.3', 'run')));
    expect(names).toHaveLength(8);
    for (const name of names) expect(name).toMatch(/^run\/(data\/)?[\w-]*(\.\w+)?$/);
  });

  it("takes a person's own images along, wherever the folder is moved to", async () => {
    const glyphs = drawGlyphs({ count: 60, seed: 9 });
    const split = { train: glyphs, test: drawGlyphs({ count: 20, seed: 9, start: 60 }) };
    const own = { ...settings, data: 'own', count: 60 } as const;
    const folder = await unpacked(trained(1, new Session(own, ownData(split, own))), 'own');
    const { code, err } = await inProcess('train', '--resume', folder, '--epochs', '2', '--json');
    expect([code, err]).toEqual([0, '']);
  });
});

describe('a saved run', () => {
  it('goes on bit for bit, from the middle of an epoch too', () => {
    const saved = checkpointOf(trained(3));
    const loaded = sessionFrom(saved, 'run.safetensors', null);
    expect([loaded.at, loaded.settings, loaded.lastEpoch?.epoch]).toEqual([3, settings, 1]);
    advance(loaded);
    advance(loaded);
    expect(parametersOf(loaded.vae)).toEqual(parametersOf(trained(5).vae));
  });

  it('ends elsewhere with the epoch under way', () => {
    expect([2, 3].map((n) => readCheckpoint(checkpointOf(trained(n)), 'it').settings.epochs)).toEqual([1, 2]);
  });

  it('knows the digits that it was trained on, drawn here or by the command', () => {
    const saved = checkpointOf(trained(1));
    const again = checkpointOf(sessionFrom(saved, 'run.safetensors', null));
    expect(Buffer.from(saved).equals(again)).toBe(true);
    const drawn = drawGlyphs({ count: 130, seed: 0 });
    const split = { train: drawn, test: drawGlyphs({ count: 130, seed: 0, start: 60_000 }) };
    const resume = () =>
      Trainer.resume(saved, 'c', { train: imageDataset(split.train), test: imageDataset(split.test) });
    expect(resume().step).toBe(1);
    drawn.pixels[drawn.pixels.length - 1] ^= 1;
    expect(resume).toThrow(/train data has as many examples/);
  });

  it('is refused where it is damaged, or of another program', () => {
    const saved = checkpointOf(trained(1));
    expect(() => sessionFrom(saved.subarray(0, 1000), 'cut.safetensors', null)).toThrow(/^cut.safetensors/);
    expect(() => sessionFrom(new TextEncoder().encode('not a run'), 'x.safetensors', null)).toThrow(
      'x.safetensors',
    );
  });

  it('is refused without the files that it was trained on', () => {
    const split = { train: drawGlyphs({ count: 60, seed: 9 }), test: drawGlyphs({ count: 20, seed: 8 }) };
    const own = { ...settings, data: 'own', count: 60 } as const;
    const saved = checkpointOf(trained(1, new Session(own, ownData(split, own))));
    expect(() => sessionFrom(saved, 'own.safetensors', null)).toThrow('add their IDX files first');
    expect(sessionFrom(saved, 'own.safetensors', split).settings).toEqual(own);
  });

  it('says what this page has no setting for', async () => {
    const out = join(place, 'other');
    const options = ['--limit', '40', '--epochs', '1', '--hidden', '8', '--free-bits', '1'];
    expect((await inProcess('train', ...options, '--out', out, '--json')).code).toBe(0);
    const bytes = await readBytes(join(out, 'checkpoint.safetensors'));
    expect(() => sessionFrom(bytes, 'other.safetensors', null)).toThrow(
      'other.safetensors holds a run that this page cannot go on with: Free bits 1. ' +
        "'pathwise train --resume' can.",
    );
  });

  describe('of a model of parts', () => {
    const data = glyphData(settings);
    const parts: VAEParts = {
      encoder: mlp(784, [8], { activation: 'tanh' }),
      posterior: gaussianPosterior({ latent: 3 }),
      decoder: mlp(3, [12]),
      likelihood: gaussianLikelihood({ mean: 'identity', scale: 'decoder' }),
    };
    function saved(changes: Partial<VAEParts> = {}, { train, test } = data): Uint8Array {
      const vae = new VAE({ ...parts, ...changes }, { stream: new Random(3).stream('init') });
      const trainer = new Trainer(vae, { train, test, epochs: 1, seed: settings.seed });
      for (const event of trainer.run()) if (event.type === 'step') break;
      return trainer.checkpoint();
    }

    it('goes on, and its address has all of it', () => {
      const loaded = sessionFrom(saved(), 'parts.safetensors', null);
      expect(loaded.settings).toEqual({
        ...DEFAULTS,
        count: 130,
        latent: 3,
        learningRate: 1e-3,
        model: expect.any(String),
      });
      advance(loaded);
      expect(loaded.at).toBe(2);
      const { settings: read } = parseAddress(
        formatAddress({ view: 'train', settings: loaded.settings, at: 0, params: {} }),
      ).address;
      expect(read).toEqual(loaded.settings);
      // Started over, it is the training of the same parts from the seed of the settings.
      const again = new Session(read);
      const vae = new VAE(parts, { stream: new Random(read.seed).stream('init') });
      expect(parametersOf(again.vae)).toEqual(parametersOf(vae));
      expect(again.settings.latent).toBe(3);
    });

    it('works in every view', () => {
      const session = sessionFrom(saved(), 'parts.safetensors', null);
      const lab: Lab = { session, emit: () => {} };
      const seen = inferCalls.trainInfer(lab, { image: { test: 2 } });
      expect([seen.mean.length, seen.reconstruction.length]).toEqual([3, 784]);
      expect(latentCalls.trainCloud(lab, { axes: [0, 2], count: 5 }).points.every(Number.isFinite)).toBe(
        true,
      );
      const position = { example: 0, pixel: 800, dimension: 0, unit: 0, input: 0 };
      for (const trick of TRICK_MODES) {
        const { nodes } = walkCalls.walkOpen(lab, { epsilon: 'frozen', trick, unfolded: [], position });
        const output = nodes.find(({ id }) => id === 'output');
        expect(output).toMatchObject({ shape: [2, 1568], element: [0, 800] });
      }
      const gradient = { target: 'output', term: 'loss', hold: true, element: null } as const;
      expect(runThrough(checkCalls.checkProbe(lab, { ...gradient, step: 1e-5 })).passed).toBe(true);
      const { id } = estimatorsCalls.estimatorsBegin(lab, { batch: 1 });
      const draws = [...estimatorsCalls.estimatorsDraw(lab, { id, reference: 32, draws: 4 })];
      expect(draws.at(-1)).toMatchObject({ phase: 'draws', done: 4 });
      const wrong = [...breakCalls.breakRun(lab, { mutation: 'drop-half', steps: 0 })].flatMap((part) =>
        part.kind === 'check' && part.run === 'wrong' ? [part.result] : [],
      );
      expect(wrong.map(({ check, passed }) => [check, passed])).toEqual([
        ['gradient', false],
        ['elbo', true],
        ['sample', true],
        ['kl', true],
      ]);
    });

    it('is refused in words where the page cannot show it', () => {
      expect(() => sessionFrom(saved({ condition: label({ classes: 10 }) }), 'it', null)).toThrow(
        'it holds a run that this page cannot go on with: a condition on the label. Trainer.resume of the library can.',
      );
      const weighted = new Trainer(new VAE(parts, { stream: new Random(0).stream('init') }), {
        train: data.train,
        test: data.test,
        epochs: 1,
        objective: elbo({ beta: 2 }),
      });
      expect(() => sessionFrom(weighted.checkpoint(), 'it', null)).toThrow(
        "it holds a run that this page cannot go on with: the objective 'elbo'. Trainer.resume of the library can.",
      );
      const { tensors, metadata } = decodeSafetensors(saved(), 'it');
      const renamed = { ...metadata, config: metadata.config.replace('"gaussian"', '"student"') };
      expect(() => sessionFrom(encodeSealed(tensors, renamed), 'it', null)).toThrow(
        "it holds a model whose posterior is 'student', which this page does not have.",
      );
      const other = { ...metadata, config: '{"class":"Classifier"}' };
      expect(() => sessionFrom(encodeSealed(tensors, other), 'it', null)).toThrow('holds a Classifier');
      const session = sessionFrom(saved(), 'it', null);
      expect(() => runFolderZip(session, '1.2.3', 'run')).toThrow('Save the run instead');
      expect(() => new Session({ ...settings, model: 'none of it' })).toThrow(
        'a model of parts needs encoder',
      );
    });
  });

  it('may come from the command', async () => {
    const out = join(place, 'command');
    const options = [
      '--preset',
      'latent20',
      '--latent',
      '2',
      '--learning-rate',
      '0.003',
      '--limit',
      '130',
      '--epochs',
      '1',
    ];
    expect((await inProcess('train', ...options, '--out', out, '--json')).code).toBe(0);
    const session = sessionFrom(await readBytes(join(out, 'checkpoint.safetensors')), 'it', null);
    expect([session.at, session.settings]).toEqual([2, settings]);
    expect(parametersOf(session.vae)).toEqual(parametersOf(trained(2).vae));
  });
});
