import type { GivenFile, OwnAnswer } from '../../shared/training.js';
import { sessionFrom } from '../files/load.js';
import { type IdxContent, missingOf, splitOf, withFiles } from '../files/own.js';
import { checkpointOf, runFolderZip } from '../files/run.js';
import { unpackIdx } from '../files/unpack.js';
import { type Lab, sessionOf } from '../lab.js';
import { install } from './train.js';

/** The version of the package, defined by the build. */
declare const __VERSION__: string | undefined;

export const fileCalls = {
  /** Takes in IDX files, plain or gzipped. @throws DataError when one is damaged, or they do not belong together. */
  async trainOwnFiles(lab: Lab, { given }: { given: readonly GivenFile[] }): Promise<OwnAnswer> {
    const contents: IdxContent[] = [];
    for (const { name, bytes } of given) contents.push({ path: name, bytes: await unpackIdx(bytes, name) });
    const all = withFiles(lab.ownFiles ?? {}, contents);
    const missing = missingOf(all);
    // Files that do not fit together are dropped, so that the next attempt starts afresh.
    lab.ownFiles = missing === null ? {} : all;
    if (missing !== null) return { missing };
    const { train, test } = splitOf(all);
    lab.ownSplit = { train, test };
    return { missing: null, train: train.count, test: test.count, rows: train.rows, columns: train.columns };
  },

  /** The session's checkpoint. */
  trainSave: (lab: Lab) => checkpointOf(sessionOf(lab)),

  /** The session as a zipped run folder. */
  trainFolder: (lab: Lab, { folder }: { folder: string }) =>
    runFolderZip(sessionOf(lab), typeof __VERSION__ === 'string' ? __VERSION__ : 'development', folder),

  /** Goes on from a checkpoint. `session` is the number by which events refer to it. */
  trainLoad(lab: Lab, { file, session: number }: { file: GivenFile; session: number }) {
    const session = sessionFrom(file.bytes, file.name, lab.ownSplit ?? null);
    install(lab, session, number);
    const { settings, at, trainer, test, data } = session;
    return { settings, at, epochs: trainer.history, testSize: test.size, image: data.image };
  },
};
