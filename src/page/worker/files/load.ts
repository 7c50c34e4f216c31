import { GLYPH_SPLIT } from '../../../data/glyphs/split.js';
import type { DataSplit } from '../../../data/images.js';
import { complete, labelOf, pick, unusual } from '../../../nn/schema/index.js';
import { clip, messageOf, quote } from '../../../tensor/describe.js';
import { decodeSafetensors } from '../../../tensor/index.js';
import { completeConfig, presets } from '../../../vae/config.js';
import { likelihoods } from '../../../vae/likelihoods/likelihood.js';
import { bodies } from '../../../vae/parts/body.js';
import { registerBuiltInParts } from '../../../vae/parts/built-in.js';
import { conditions } from '../../../vae/parts/condition.js';
import { posteriors } from '../../../vae/parts/posterior.js';
import { priors } from '../../../vae/parts/prior.js';
import { FILES } from '../../../vae/run/files.js';
import { specOf } from '../../../vae/spec.js';
import { type Checkpoint, readCheckpoint } from '../../../vae/training/index.js';
import { partsIn } from '../../shared/parts.js';
import {
  absentArchitecture,
  absentTraining,
  DEFAULTS,
  pageArchitecture,
  pagePresets,
  pageSchema,
  pageTraining,
  type Settings,
} from '../../shared/settings.js';
import { glyphData, ownData, type SessionData, testCount } from '../data.js';
import { Session } from '../session.js';

/** @throws Error when the model is of a kind, or has a part, that this page does not have. */
function checkModel(bytes: Uint8Array, file: string): void {
  registerBuiltInParts();
  const parts = partsIn(decodeSafetensors(bytes, file).metadata.config ?? '');
  if (parts.class !== undefined)
    throw new Error(`${file} holds a ${clip(String(parts.class))}; this page shows VAEs.`);
  const registries = {
    encoder: bodies,
    decoder: bodies,
    posterior: posteriors,
    prior: priors,
    likelihood: likelihoods,
  };
  for (const [role, { definitions }] of Object.entries({ ...registries, condition: conditions })) {
    const { name } = Object(parts[role] ?? {});
    if (typeof name !== 'string' || definitions.some((one) => one.name === name)) continue;
    throw new Error(
      `${file} holds a model whose ${role} is ${quote(name)}, which this page does not have. It can be opened in the program that defines it.`,
    );
  }
}

/** What the page cannot go on with in a checkpoint, in words, and what can. */
function strange({ vae, settings, objective }: Checkpoint): { what: string[]; who: string } {
  const absent = unusual(absentTraining, settings).map(({ leaf, text }) => `${labelOf(leaf)} ${text}`);
  if (vae.dtype !== 'float32') absent.push(vae.dtype);
  const parts: string[] = [];
  if (vae.condition !== null) parts.push(`a condition on the ${vae.condition.name}`);
  if (objective !== null) parts.push(`the objective ${quote(objective.name)}`);
  const isRun = objective === null && 'hidden' in vae.spec;
  const who = isRun || parts.length === 0 ? "'pathwise train --resume'" : 'Trainer.resume of the library';
  return { what: [...absent, ...parts], who };
}

/** The settings of a model: those of a preset's form where the page has them all, or its parts. */
function modelSettings({ spec, latent }: Checkpoint['vae']): Partial<Settings> {
  const isForm = 'hidden' in spec;
  if (!isForm || unusual(absentArchitecture, spec).length > 0) {
    const parts = isForm ? specOf(completeConfig(spec)) : spec;
    return { model: JSON.stringify(parts), ...presets[DEFAULTS.preset], latent };
  }
  const preset = pagePresets.find((name) => presets[name].hidden.join() === spec.hidden.join());
  return { preset: preset ?? DEFAULTS.preset, ...pick(pageArchitecture, spec) };
}

/** The settings of a checkpoint. @throws Error when the page lacks a setting for part of it. */
function settingsOf(checkpoint: Checkpoint, file: string, data: Settings['data']): Settings {
  const { vae, settings } = checkpoint;
  const { what, who } = strange(checkpoint);
  if (what.length > 0) {
    throw new Error(`${file} holds a run that this page cannot go on with: ${what.join(', ')}. ${who} can.`);
  }
  const count = checkpoint.data.train.size;
  return complete(
    pageSchema,
    { ...DEFAULTS, data, count, ...modelSettings(vae), ...pick(pageTraining, settings) },
    file,
  );
}

/** Data that a run may have been trained on: digits drawn from its seed, or the person's files. */
function candidates(
  { settings, data }: Checkpoint,
  own: DataSplit | null,
): [Settings['data'], SessionData][] {
  const { seed } = settings;
  const count = data.train.size;
  const glyphs =
    data.train.features === 784 && count <= GLYPH_SPLIT.train && (data.test?.size ?? 0) <= GLYPH_SPLIT.test;
  const found: [Settings['data'], SessionData][] = [];
  if (glyphs) found.push(['glyphs', glyphData({ seed, count }, data.test?.size ?? testCount(count))]);
  if (own !== null) found.push(['own', ownData(own, { count })]);
  return found;
}

/**
 * Goes on from the checkpoint of a run, made here or by `pathwise train`.
 * @param file name for errors
 * @param own the files that the person has given
 * @throws CheckpointError when it is damaged; Error when the page cannot hold it, or the data is not here.
 */
export function sessionFrom(bytes: Uint8Array, file: string, own: DataSplit | null): Session {
  checkModel(bytes, file);
  const checkpoint = readCheckpoint(bytes, file);
  if (checkpoint.data.test === null)
    throw new Error(`${file} was trained without a test set; this page needs one`);
  settingsOf(checkpoint, file, 'glyphs');
  let problem = '';
  for (const [source, data] of candidates(checkpoint, own)) {
    try {
      return Session.resume(settingsOf(checkpoint, file, source), data, bytes, file);
    } catch (error) {
      problem = messageOf(error);
    }
  }
  throw new Error(
    `${file} was trained on images that are not here: add their IDX files first, then load ${FILES.checkpoint} again. ${problem}`,
  );
}
