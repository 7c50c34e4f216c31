/** Training cannot go on; the parameters are as they were before the step that failed, unless it says otherwise. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';

  /**
   * @param epoch counted from 1
   * @param step within the epoch, counted from 1; undefined when the failure is not in a step
   */
  constructor(
    readonly epoch: number,
    readonly step: number | undefined,
    problem: string,
  ) {
    super(`epoch ${epoch}${step === undefined ? '' : `, step ${step}`}: ${problem}`);
  }
}
