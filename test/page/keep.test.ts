import { describe, expect, it } from 'vitest';
import { drawGlyphs } from '../../src/data/glyphs/index.js';
import { encodeImages, encodeLabels } from '../../src/data/idx.js';
import { DEFAULTS, type Settings } from '../../src/page/shared/settings.js';
import { fileCalls } from '../../src/page/worker/calls/files.js';
import { type Opening, trainCalls } from '../../src/page/worker/calls/train.js';
import { Keeper } from '../../src/page/worker/keep/keeper.js';
import { memoryShelf, type Shelf } from '../../src/page/worker/keep/shelf.js';
import type { Lab } from '../../src/page/worker/lab.js';
import { Session } from '../../src/page/worker/session.js';
import { advance } from './advance.js';
import { parametersOf } from './parameters.js';

const settings = { ...DEFAULTS, hidden: [8], latent: 2, count: 130, seed: 3 };

interface Told extends Lab {
  readonly notes: string[];
  /** The shelf, which outlives the window. */
  readonly shelf: Shelf;
}

/** The worker of a window, with what windows before it have kept. */
function worker(shelf: Shelf = memoryShelf()): Told {
  const notes: string[] = [];
  const keeper = new Keeper(shelf, (line) => notes.push(line));
  return { session: null, notes, shelf, keeper: async () => keeper, emit: () => {} };
}

let sessions = 0;
const at = (steps: number, changes: Partial<Opening> = {}): Opening => {
  const session = ++sessions;
  return { settings, at: steps, origin: null, after: null, session, run: `a.${session}`, ...changes };
};

/** Every number of a training that has taken `steps`, without any checkpoint. */
function replayed(steps: number): Record<string, number[]> {
  const session = new Session(settings);
  while (session.at < steps) advance(session);
  return parametersOf(session.vae);
}

const stepsTaken = (lab: Told): { steps: number } => {
  const counted = { steps: 0 };
  lab.emit = (event) => {
    if (event.type === 'progress') counted.steps += event.points.length;
  };
  return counted;
};

describe('a kept training', () => {
  it('goes on in another window from the nearest checkpoint, bit for bit, with its curve', async () => {
    const first = worker();
    for (const steps of [3, 6]) {
      await trainCalls.open(first, at(steps));
      await trainCalls.keep(first);
    }
    const second = worker(first.shelf);
    const counted = stepsTaken(second);
    const opened = await trainCalls.open(second, at(8));
    expect([opened.at, counted.steps]).toEqual([8, 2]);
    expect(opened.curve.points.map((point) => point.at)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(opened.epochs).toHaveLength(4);
    expect(second.session && parametersOf(second.session.vae)).toEqual(replayed(8));
    await trainCalls.open(second, at(5));
    expect(counted.steps).toBe(4);
    // What is later than the step, or of other settings, is of no use.
    await trainCalls.open(second, at(2));
    await trainCalls.open(second, at(1, { settings: { ...settings, seed: 4 } }));
    expect(counted.steps).toBe(7);
  });

  it('is kept when another takes its place, and can be gone back to', async () => {
    const lab = worker();
    await trainCalls.open(lab, at(4));
    const { left } = await trainCalls.open(lab, at(0));
    expect(left).toMatchObject({ at: 4, origin: null });
    const counted = stepsTaken(lab);
    expect(await trainCalls.open(lab, at(4))).toMatchObject({ at: 4, left: null });
    expect(counted.steps).toBe(0);
    expect(lab.session && parametersOf(lab.session.vae)).toEqual(replayed(4));
  });

  it('is what a reloaded window was at, even a little later than its address', async () => {
    const lab = worker();
    const opening = at(5);
    await trainCalls.open(lab, opening);
    await trainCalls.keep(lab);
    const again = worker(lab.shelf);
    expect(await trainCalls.open(again, at(3, { after: opening.run }))).toMatchObject({ at: 5 });
    expect(await trainCalls.open(again, at(3, { after: 'b.1' }))).toMatchObject({ at: 3 });
  });

  it('from a file has a name of its own: a link with its settings does not lead to it', async () => {
    const other = new Session({ ...settings, learningRate: 0.1 });
    advance(other);
    advance(other);
    const bytes = Uint8Array.from(other.trainer.checkpoint());
    const lab = worker();
    const number = ++sessions;
    const file = new File([bytes], 'run.safetensors');
    const loaded = await fileCalls.trainLoad(lab, { file, session: number, run: `a.${number}` });
    expect(loaded).toMatchObject({ at: 2, origin: `a.${number}` });
    const { settings: same, origin } = loaded;
    const counted = stepsTaken(lab);
    expect(await trainCalls.open(lab, at(2, { settings: same }))).toMatchObject({ origin: null });
    expect(counted.steps).toBe(2);
    expect(await trainCalls.open(lab, at(2, { settings: same, origin }))).toMatchObject({ origin });
    expect(counted.steps).toBe(2);
  });

  it('comes back in its own run folder as a zip, with the images that it was trained on', async () => {
    const lab = worker();
    const { pixels, labels } = drawGlyphs({ count: 60, seed: 2 });
    const images = { count: 60, rows: 28, columns: 28, pixels };
    const given = [
      new File([Uint8Array.from(encodeImages(images))], 'i'),
      new File([Uint8Array.from(encodeLabels(labels))], 'l'),
    ];
    await fileCalls.trainOwnFiles(lab, { given, settings });
    for (const source of ['glyphs', 'own'] as const) {
      await trainCalls.open(lab, at(3, { settings: { ...settings, count: 40, data: source } }));
      const expected = lab.session && parametersOf(lab.session.vae);
      const zip = new File([Uint8Array.from(fileCalls.trainFolder(lab, { folder: 'run' }))], 'run.zip');
      const again = worker();
      const session = ++sessions;
      const loaded = await fileCalls.trainLoad(again, { file: zip, session, run: `a.${session}` });
      expect(loaded).toMatchObject({ at: 3, settings: { data: source, count: 40 } });
      expect(again.session && parametersOf(again.session.vae)).toEqual(expected);
    }
  });

  it("finds a person's own files again, and tells the window of them", async () => {
    const lab = worker();
    const glyphs = drawGlyphs({ count: 60, seed: 2 });
    const given = [
      new File([Uint8Array.from(encodeImages(glyphs))], 'i'),
      new File([Uint8Array.from(encodeLabels(glyphs.labels))], 'l'),
    ];
    for (const file of given) await fileCalls.trainOwnFiles(lab, { given: [file], settings });
    const own: Settings = { ...settings, count: 40, data: 'own' };
    expect((await trainCalls.open(lab, at(1, { settings: own }))).files).toEqual(given);
    const again = worker(lab.shelf);
    expect((await trainCalls.open(again, at(0))).files).toEqual([]);
    expect((await trainCalls.open(again, at(1, { settings: own }))).files).toEqual(given);
    expect((await trainCalls.open(again, at(0))).files).toEqual(given);
  });

  it('makes room among its own checkpoints before it takes that of others', async () => {
    const lab = worker();
    await trainCalls.open(lab, at(1, { settings: { ...settings, seed: 9 } }));
    await trainCalls.open(lab, at(0));
    for (let i = 0; i < 5; i++) {
      trainCalls.step(lab);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await trainCalls.keep(lab);
    }
    const labels = [...(await lab.shelf.labels()).values()];
    expect(labels.map((label) => label.at)).toEqual([1, 4, 5]);
  });

  it('goes on where the browser refuses, and says so once', async () => {
    const full = (): never => {
      throw new DOMException('the disk is full', 'QuotaExceededError');
    };
    const refusing = { ...memoryShelf(), labels: async () => full(), put: async () => full() };
    const lab = worker(refusing);
    await trainCalls.open(lab, at(2));
    await trainCalls.keep(lab);
    await trainCalls.open(lab, at(0));
    expect(lab.notes).toEqual([expect.stringContaining('the disk is full')]);
    const counted = stepsTaken(lab);
    expect(await trainCalls.open(lab, at(2))).toMatchObject({ at: 2 });
    expect(counted.steps).toBe(0);
  });

  it('stays as it is where another cannot be opened', async () => {
    const lab = worker();
    await trainCalls.open(lab, at(2));
    await expect(trainCalls.open(lab, at(0, { settings: { ...settings, data: 'own' } }))).rejects.toThrow(
      'files of this address are not here',
    );
    const session = ++sessions;
    expect(trainCalls.stay(lab, { session })).toMatchObject({ at: 2, running: false, settings });
  });
});
