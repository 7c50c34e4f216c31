import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawGlyphs } from '../../src/data/glyphs/index.js';
import { DEFAULTS, ofPreset, type Settings } from '../../src/page/shared/settings.js';
import { ownData } from '../../src/page/worker/data.js';
import { sessionFrom } from '../../src/page/worker/files/load.js';
import { checkpointOf, configOf, runFolderZip } from '../../src/page/worker/files/run.js';
import { Session } from '../../src/page/worker/session.js';
import { parseConfig } from '../../src/vae/run/config.js';
import { readCheckpoint } from '../../src/vae/training/index.js';
import { inProcess, temporaryFolder } from '../cli/harness.js';
import { parametersOf } from './parameters.js';

const place = await temporaryFolder();
/** Two steps an epoch; a narrow model, as a step of it takes a few milliseconds. */
const settings: Settings = { ...DEFAULTS, ...ofPreset('latent20'), latent: 2, count: 130 };

function trained(steps: number, session = new Session(settings)): Session {
  for (let i = 0; i < steps; i++) session.advance();
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
    expect(config.command).toBe('pathwise train --preset latent20 --latent 2 --epochs 2 --limit 130');
    expect(parseConfig(JSON.stringify(config), 'config.json')).toEqual({
      preset: 'latent20',
      data: { source: 'glyphs', folder: null, seed: 0, train: 130, test: 130 },
      image: { rows: 28, columns: 28 },
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
    loaded.advance();
    loaded.advance();
    expect(parametersOf(loaded.vae)).toEqual(parametersOf(trained(5).vae));
  });

  it('ends elsewhere with the epoch under way', () => {
    expect([2, 3].map((n) => readCheckpoint(checkpointOf(trained(n)), 'it').settings.epochs)).toEqual([1, 2]);
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
    const options = ['--limit', '40', '--epochs', '1', '--hidden', '8', '--free-bits', '1', '--warmup', '2'];
    expect((await inProcess('train', ...options, '--out', out, '--json')).code).toBe(0);
    const bytes = await readBytes(join(out, 'checkpoint.safetensors'));
    expect(() => sessionFrom(bytes, 'other.safetensors', null)).toThrow(
      'other.safetensors holds a run that this page cannot go on with: Warm-up of the KL 2, Free bits 1. ' +
        "'pathwise train --resume' can.",
    );
  });

  it('may come from the command', async () => {
    const out = join(place, 'command');
    const options = ['--preset', 'latent20', '--latent', '2', '--limit', '130', '--epochs', '1'];
    expect((await inProcess('train', ...options, '--out', out, '--json')).code).toBe(0);
    const session = sessionFrom(await readBytes(join(out, 'checkpoint.safetensors')), 'it', null);
    expect([session.at, session.settings]).toEqual([2, settings]);
    expect(parametersOf(session.vae)).toEqual(parametersOf(trained(2).vae));
  });
});
