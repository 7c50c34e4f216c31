import { batch } from '@preact/signals';
import { messageOf } from '../../tensor/describe.js';
import { isZip } from '../shared/zip.js';
import { app } from './app.js';
import { notify } from './notices.js';
import { adopt, ask, begin, remember, runOf, startOver } from './training.js';

/** Downloads bytes as a file. */
function download(bytes: Uint8Array, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The name of a saved run: glyphs-latent2-seed0-step420. */
const runName = (): string => {
  const { data, preset, model, seed } = app.settings;
  return `${data}-${model === null ? preset : 'parts'}-seed${seed}-step${app.step}`;
};

/** Runs an action; an error becomes a notice. */
async function telling(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    notify(messageOf(error));
  }
}

/** Saves the checkpoint. */
export const saveRun = (): Promise<void> =>
  telling(async () => {
    const bytes = await ask('trainSave', {});
    download(bytes, `${runName()}.safetensors`, 'application/octet-stream');
  });

/** Saves a run folder, zipped, that the command reads. */
export const saveFolder = (): Promise<void> =>
  telling(async () => {
    const name = runName();
    download(await ask('trainFolder', { folder: name }), `${name}.zip`, 'application/zip');
  });

/** Replaces the current training by a checkpoint or a run folder; a file that cannot be read leaves it as it is. */
async function loadRun(file: File): Promise<void> {
  const number = app.session + 1;
  const answer = await ask('trainLoad', { file, session: number, run: runOf(number) });
  // Another session was opened in the meantime.
  if (app.session + 1 !== number) return;
  batch(() => {
    begin(answer.settings, 0);
    adopt(answer);
    remember(answer.left, 'file');
    app.status = 'ready';
  });
  const expected = Math.min(answer.settings.count, 2000);
  if (answer.settings.data === 'glyphs' && answer.testSize !== expected) {
    notify(
      `This run is evaluated on ${answer.testSize} test digits; opened from its address, the same training is evaluated on ${expected}.`,
      'note',
    );
  }
}

async function giveIdx(files: readonly File[]): Promise<void> {
  const answer = await ask('trainOwnFiles', { given: files, settings: app.settings });
  app.ownFiles = [...app.ownFiles, ...files];
  if (answer.missing !== null) {
    notify(answer.missing, 'note');
    return;
  }
  const { train, test, rows, columns } = answer;
  notify(
    `Training starts over on your files: ${train} images to train on and ${test} to test on, ${rows} x ${columns} pixels each.`,
    'note',
  );
  await startOver({ ...app.settings, data: 'own', count: Math.min(train, 60_000) });
}

/** A checkpoint, or a zipped run folder. */
const isRun = async (file: File): Promise<boolean> =>
  file.name.endsWith('.safetensors') || (await isZip(file));

/** Opens files that were chosen or dropped: a checkpoint, a zipped run folder, or IDX files. */
export const takeFiles = (files: readonly File[]): Promise<void> =>
  telling(async () => {
    try {
      for (const file of files) if (await isRun(file)) return await loadRun(file);
      if (files.length > 0) await giveIdx(files);
    } finally {
      app.reading = null;
    }
  });
