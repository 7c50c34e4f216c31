import type { EpochMetrics } from '../../../vae/training/index.js';
import type { Settings } from '../../shared/settings.js';
import type { ImageShape } from '../data.js';
import { sessionFrom } from '../files/load.js';
import { missingOf, splitOf, withFiles } from '../files/own.js';
import { checkpointOf, runFolderZip } from '../files/run.js';
import { unpackIdx } from '../files/unpack.js';
import { type Lab, sessionOf } from '../lab.js';
import { ownOf } from '../own.js';
import { install } from './train.js';

/** Of the package; put in by the build. */
declare const __VERSION__: string | undefined;

const version = (): string => (typeof __VERSION__ === 'string' ? __VERSION__ : 'development');

/** A file that the person has chosen. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What came of given files: enough to train on, or what is missing. */
export type OwnAnswer =
  | { readonly missing: string }
  | {
      readonly missing: null;
      readonly train: number;
      readonly test: number;
      readonly rows: number;
      readonly columns: number;
    };

export const fileCalls = {
  /** Takes in IDX files, plain or gzipped. @throws DataError when one is damaged, or they do not belong together. */
  async trainOwnFiles(lab: Lab, { given }: { given: readonly GivenFile[] }): Promise<OwnAnswer> {
    const own = ownOf(lab);
    const contents: { name: string; bytes: Uint8Array }[] = [];
    for (const { name, bytes } of given) contents.push({ name, bytes: await unpackIdx(bytes, name) });
    const all = withFiles(own.files, contents);
    const missing = missingOf(all);
    if (missing !== null) {
      own.files = all;
      return { missing };
    }
    // Files that do not fit together are forgotten, so that the next attempt starts afresh.
    own.files = {};
    const split = splitOf(all);
    own.split = split;
    const { train, test } = split;
    return { missing: null, train: train.count, test: test.count, rows: train.rows, columns: train.columns };
  },

  /** The session's checkpoint. */
  trainSave(lab: Lab, _: Record<string, never>): Uint8Array {
    return checkpointOf(sessionOf(lab));
  },

  /** The session as a run folder, zipped. */
  trainFolder(lab: Lab, { folder }: { folder: string }): Uint8Array {
    return runFolderZip(sessionOf(lab), version(), folder);
  },

  /** Goes on from a checkpoint. @param session a number of the window's, as for `open` */
  trainLoad(
    lab: Lab,
    { file, session: number }: { file: GivenFile; session: number },
  ): {
    settings: Settings;
    at: number;
    epochs: readonly EpochMetrics[];
    testSize: number;
    image: ImageShape;
  } {
    const session = sessionFrom(file.bytes, file.name, ownOf(lab).split);
    install(lab, session, number);
    const { settings, at, trainer, test, data } = session;
    return { settings, at, epochs: trainer.history, testSize: test.size, image: data.image };
  },
};
