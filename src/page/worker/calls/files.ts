import { sessionFrom } from '../files/load.js';
import { missingOf, splitOf, withFiles } from '../files/own.js';
import { checkpointOf, runFolderZip } from '../files/run.js';
import { unpackIdx } from '../files/unpack.js';
import { type Handlers, sessionOf } from '../lab.js';
import { ownOf } from '../own.js';
import { install } from './train.js';

/** The version of the package, defined by the build. */
declare const __VERSION__: string | undefined;

const version = (): string => (typeof __VERSION__ === 'string' ? __VERSION__ : 'development');

export const fileCalls = {
  async trainOwnFiles(lab, { given }) {
    const own = ownOf(lab);
    const contents: { name: string; bytes: Uint8Array }[] = [];
    for (const { name, bytes } of given) contents.push({ name, bytes: await unpackIdx(bytes, name) });
    const all = withFiles(own.files, contents);
    const missing = missingOf(all);
    if (missing !== null) {
      own.files = all;
      return { missing };
    }
    // Files that do not fit together are dropped, so that the next attempt starts afresh.
    own.files = {};
    const split = splitOf(all);
    own.split = split;
    const { train, test } = split;
    return { missing: null, train: train.count, test: test.count, rows: train.rows, columns: train.columns };
  },

  trainSave(lab) {
    return checkpointOf(sessionOf(lab));
  },

  trainFolder(lab, { folder }) {
    return runFolderZip(sessionOf(lab), version(), folder);
  },

  trainLoad(lab, { file, session: number }) {
    const session = sessionFrom(file.bytes, file.name, ownOf(lab).split);
    install(lab, session, number);
    const { settings, at, trainer, test, data } = session;
    return { settings, at, epochs: trainer.history, testSize: test.size, image: data.image };
  },
} satisfies Partial<Handlers>;
