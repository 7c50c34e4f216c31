import { strToU8, zipSync } from 'fflate';
import { encodeImages, encodeLabels } from '../../../data/idx.js';
import { IDX_FILES, IDX_PARTS } from '../../../data/idx-split.js';
import { decodeSafetensors } from '../../../tensor/safetensors.js';
import { encodeSealed } from '../../../tensor/seal.js';
import { commandOf, type RunConfig } from '../../../vae/run/config.js';
import { configText, FILES, metricsText } from '../../../vae/run/files.js';
import type { DataSpec } from '../../../vae/run/spec.js';
import { forgetIdentity } from '../../../vae/training/identity.js';
import type { Session } from '../session.js';

/** The folder within a run folder for the person's own files. */
const OWN_DATA = 'data';

/** Epochs of a run so far, including an unfinished one. */
const epochsOf = ({ trainer }: Session): number => trainer.epoch + (trainer.step > 0 ? 1 : 0);

/**
 * The session's checkpoint. The page trains without end; in the file, training ends with the current epoch, so that whoever
 * resumes it finishes that epoch and chooses how many more to add.
 * @throws TrainingError when a parameter is not finite.
 */
export function checkpointOf(session: Session): Uint8Array {
  // Whoever resumes it has to find the same data, not the same settings of this page.
  forgetIdentity(session.train);
  forgetIdentity(session.test);
  const { tensors, metadata } = decodeSafetensors(session.trainer.checkpoint(), FILES.checkpoint);
  const settings = { ...session.trainer.settings, epochs: epochsOf(session) };
  return encodeSealed(tensors, { ...metadata, settings: JSON.stringify(settings) });
}

/** The source of the session's examples, as a run folder records it. */
function specOf({ settings, train, test }: Session): DataSpec {
  const own = settings.data === 'own';
  return {
    source: own ? 'folder' : 'glyphs',
    folder: own ? OWN_DATA : null,
    seed: settings.seed,
    train: train.size,
    test: test.size,
  };
}

/** The config.json of the session. @param version of the package */
export function configOf(session: Session, version: string): RunConfig {
  const about = {
    preset: session.settings.preset,
    data: specOf(session),
    image: session.data.image,
    model: session.vae.config,
    training: { ...session.trainer.settings, epochs: epochsOf(session) },
  };
  return { pathwise: version, command: commandOf(about), ...about };
}

/**
 * A zipped run folder of the session that the command reads; it has no pictures or report.
 * @param version of the package
 * @param folder its name in the archive
 * @throws Error when the model's parts came from a file: the command could not repeat the run.
 */
export function runFolderZip(session: Session, version: string, folder: string): Uint8Array {
  if (session.settings.model !== null) {
    throw new Error(
      'There is no run folder of this model: it came from a file, and `pathwise train` has no options for its parts. Save the run instead.',
    );
  }
  const files: Record<string, [Uint8Array, { level: 0 | 6 }]> = {
    [FILES.config]: [strToU8(configText(configOf(session, version))), { level: 6 }],
    [FILES.metrics]: [strToU8(metricsText(session.trainer.history)), { level: 6 }],
    // Weights do not compress.
    [FILES.checkpoint]: [checkpointOf(session), { level: 0 }],
  };
  if (session.settings.data === 'own') {
    const { train, test } = session.data.images();
    const own = {
      trainImages: encodeImages(train),
      trainLabels: encodeLabels(train.labels),
      testImages: encodeImages(test),
      testLabels: encodeLabels(test.labels),
    };
    for (const part of IDX_PARTS) {
      files[`${OWN_DATA}/${IDX_FILES[part]}`] = [own[part], { level: 6 }];
    }
  }
  return zipSync({ [folder]: files });
}
