import { checkOptions } from '../../tensor/known-options.js';
import type { TrainingState } from './checkpoint.js';
import { checkSameData } from './identity.js';
import { DATA, ofElbo, RESUMABLE, type ResumeOptions, type TrainingOptions } from './options.js';

/**
 * The options that go on with a training: its settings, and what is given now.
 * @param file the checkpoint's name, for errors
 * @throws TypeError for an option that may not change, or a schedule or optimiser that is missing; ShapeError, RangeError or
 * TypeError for other data.
 */
export function resumedOptions<K extends string>(
  { dtype, settings, objective, madeBy, data }: TrainingState<K>,
  options: ResumeOptions,
  file: string,
): TrainingOptions {
  checkOptions(options, [...DATA, ...RESUMABLE], 'Trainer.resume');
  const { train, test, schedule, optimizer } = options;
  checkSameData('train', data.train, train, dtype);
  checkSameData('test', data.test, test, dtype);
  const { scheduled, ...all } = settings;
  if (scheduled && schedule === undefined) {
    throw new TypeError(
      `Trainer.resume: ${file} was trained with a schedule of the learning rate, which no file can keep; give the same one`,
    );
  }
  if (madeBy !== null && optimizer === undefined) {
    throw new TypeError(
      `Trainer.resume: ${file} was trained with ${madeBy}, which no file can make again; give the same optimizer`,
    );
  }
  // An objective stands in the place of the ELBO's settings.
  const instead = objective !== null && { ...ofElbo<Partial<TrainingOptions>>({}), objective };
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...all, ...instead, ...given, train };
}
