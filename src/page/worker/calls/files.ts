import type { Settings } from '../../shared/settings.js';
import { MAX_FILE_BYTES, type Opened, type OwnAnswer } from '../../shared/training.js';
import { isZip } from '../../shared/zip.js';
import { sessionFrom } from '../files/load.js';
import { checkpointOf, runFolderZip } from '../files/run.js';
import { takeContents, takeIdx, unzipFolder } from '../files/take.js';
import { bytesOf } from '../files/unpack.js';
import { type Lab, sessionOf } from '../lab.js';
import { install, keepIn } from './train.js';

/** The version of the package, defined by the build. */
declare const __VERSION__: string | undefined;

/** The most bytes of the person's own files that are kept for the next time. */
const MAX_KEPT_BYTES = 2 ** 28;

/** The checkpoint in a file, or in a run folder, whose images are taken in. */
async function checkpointIn(lab: Lab, file: File): Promise<Uint8Array> {
  if (await isZip(file)) {
    const { checkpoint, data } = await unzipFolder(file);
    if (data.length > 0) {
      takeContents(lab, data);
      lab.files = [file];
    }
    return checkpoint;
  }
  const { name, size } = file;
  if (size > MAX_FILE_BYTES)
    throw new Error(`${name}: found ${size} bytes, expected ${MAX_FILE_BYTES} at most`);
  return bytesOf(file);
}

const keepFiles = async ({ keeper }: Lab, files: readonly File[]): Promise<void> =>
  (await keeper?.())?.keepFiles(files);

export const fileCalls = {
  /** Takes in IDX files, plain or gzipped. @throws DataError when one is damaged, or they do not belong together. */
  async trainOwnFiles(
    lab: Lab,
    { given, settings }: { given: readonly File[]; settings: Settings },
  ): Promise<OwnAnswer> {
    const answer = await takeIdx(lab, given, settings);
    lab.given = [...(lab.given ?? []), ...given];
    if (answer.missing !== null) return answer;
    lab.files = lab.given;
    lab.given = [];
    const size = lab.files.reduce((sum, file) => sum + file.size, 0);
    if (size <= MAX_KEPT_BYTES) void keepFiles(lab, lab.files);
    return answer;
  },

  /** The session's checkpoint. */
  trainSave: (lab: Lab) => checkpointOf(sessionOf(lab)),

  /** The session as a zipped run folder. */
  trainFolder: (lab: Lab, { folder }: { folder: string }) =>
    runFolderZip(sessionOf(lab), typeof __VERSION__ === 'string' ? __VERSION__ : 'development', folder),

  /**
   * Goes on from a checkpoint, or a zipped run folder. `session` is the number by which events refer to it.
   * @throws Error when it cannot be read; the session stays as it is.
   */
  async trainLoad(
    lab: Lab,
    { file, session: number, run }: { file: File; session: number; run: string },
  ): Promise<Opened & { readonly testSize: number }> {
    lab.opening = number;
    const bytes = await checkpointIn(lab, file);
    const session = sessionFrom(bytes, file.name, lab.ownSplit ?? null);
    if (lab.opening !== number) throw new Error('another session was opened in the meantime');
    if (session.settings.data === 'own' && (await isZip(file))) void keepFiles(lab, [file]);
    // Its weights need not be those that its settings lead to.
    const opened = install(lab, session, number, { id: run, origin: run });
    if (lab.runner !== undefined) void keepIn(lab, lab.runner);
    return { ...opened, testSize: session.test.size };
  },
};
