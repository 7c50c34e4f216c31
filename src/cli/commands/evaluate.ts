import { clip } from '../../tensor/describe.js';
import { formatCount, formatSeconds } from '../../tensor/format.js';
import { shellWord } from '../../vae/run/config.js';
import { defineCommand, RUN } from '../command.js';
import { EXIT, UsageError } from '../errors.js';
import { type EvaluateFlags, evaluateFlags } from '../evaluate/flags.js';
import { type EvaluationOutcome, evaluateRun } from '../evaluate/session.js';
import { withResults } from '../evaluate/stored.js';
import { EVALUATION_COLUMNS, evaluationNotes, evaluationRows, klLine } from '../evaluate/table.js';
import { formatRows } from '../table.js';
import { listenForInterrupt } from '../train/interrupt.js';

const EXAMPLES = `
log p(x) is estimated by importance sampling from q(z | x), with its standard error; so are the bounds of K samples,
of which K = 1 is the ELBO. The same command goes on where it was stopped, and its numbers are the same for any
--batch-size and number of threads. Results are kept in evaluation.json and stand in the report.

Examples:
  pathwise evaluate runs/glyphs-latent2-1 --limit 100
  pathwise evaluate runs/mnist-latent20-1
  pathwise evaluate runs/mnist-latent20-1 --on train --limit 1000 --samples 500
  pathwise evaluate runs/mnist-latent20-1 --binarize threshold --json`;

function show({ run, vae, evaluations }: EvaluationOutcome): void {
  const results = evaluations.flatMap((one) => {
    const { result } = withResults(one, vae);
    return result === null ? [] : [{ ...one, result }];
  });
  const rows = results.flatMap(({ about, result }) => evaluationRows(about, result, vae));
  const lines = results.map(({ about, result }) => klLine(about, result));
  const spent = results.map(
    ({ about, result, seconds }) =>
      `${formatCount(result.examples)} examples (${about.on}) in ${formatSeconds(seconds)}`,
  );
  const text = [
    formatRows(rows, EVALUATION_COLUMNS),
    ...lines,
    evaluationNotes(results, vae.likelihood).join('\n'),
    `${spent.join(', ')}. Kept in ${run}.`,
  ];
  console.log(text.join('\n\n'));
}

async function evaluate(path: string, flags: EvaluateFlags, signal: AbortSignal): Promise<number> {
  const above = flags.bounds?.find((k) => k > flags.samples);
  if (above !== undefined) {
    throw new UsageError(
      `--bounds has ${above}, but --samples is ${flags.samples}; a bound needs as many samples`,
    );
  }
  const outcome = await evaluateRun(path, flags, signal);
  const { code, run, vae, evaluations } = outcome;
  if (flags.json)
    console.log(JSON.stringify({ run, evaluations: evaluations.map((one) => withResults(one, vae)) }));
  else if (code === EXIT.done) show(outcome);
  if (code === EXIT.interrupted) {
    const done = evaluations.at(-1)?.state.moments.count ?? 0;
    process.stderr.write(
      `Stopped after ${formatCount(done)} examples, which are kept; the same command goes on: ` +
        `pathwise evaluate ${shellWord(clip(path))} ...\n`,
    );
  }
  return code;
}

/** `pathwise evaluate` */
export const evaluateCommand = defineCommand({
  name: 'evaluate',
  summary: 'estimate log p(x), with bounds and errors',
  description: 'Estimates log p(x) of a trained model, its bounds, KL and active units, each with its error.',
  args: [RUN],
  flags: evaluateFlags,
  examples: EXAMPLES,
  run(flags, [run]) {
    // Handled until the output is complete: a wrapper may repeat the signal.
    const interrupt = listenForInterrupt();
    return evaluate(run, flags, interrupt.signal).finally(interrupt.dispose);
  },
});
