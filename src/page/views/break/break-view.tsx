import { app, setParam } from '../../state/app.js';
import { Problem } from '../../ui/problem.js';
import { Choice, Words } from './choice.js';
import { Curves } from './curves.js';
import { Gradients } from './gradients.js';
import { readParams, STEPS } from './params.js';
import { Pictures } from './pictures.js';
import { type BreakState, useBreak } from './use-break.js';
import { Verdicts } from './verdicts.js';

function Lead() {
  return (
    <div>
      <h2>Break it</h2>
      <p class="lead">
        The trick is two lines long, and there are many ways to get them wrong. Choose one: it runs beside the
        right trick, from the same weights, on the same batches and noise. See what changes, which check
        notices, and which does not.
      </p>
      <p class="formula">
        z = mean + exp(logvar / 2) · epsilon
        <br />
        loss = reconstruction + beta · KL
      </p>
    </div>
  );
}

/** The progress of both runs. A component of its own, so that the view is not redrawn while the model trains. */
function Runs(props: { readonly state: BreakState; readonly steps: number; stop(): void; again(): void }) {
  const { state, steps, stop, again } = props;
  const { start, report, busy } = state;
  const movedOn = start !== null && start.at !== app.step;
  return (
    <div class="card row runs">
      <p data-runs={busy ? 'busy' : 'done'}>
        {start === null
          ? 'Waiting for the model.'
          : `From step ${start.at}: ${steps === 0 ? 'no training' : `${report.right.losses.length} of ${steps} steps of each run`}`}
        {movedOn && app.status === 'training' && ', while the model trains on'}
      </p>
      <label class="row small">
        <span class="soft">train both for</span>
        <select value={String(steps)} onChange={({ currentTarget: { value } }) => setParam('steps', value)}>
          {STEPS.map((count) => (
            <option key={count} value={String(count)}>
              {count === 0 ? 'no steps' : `${count} steps`}
            </option>
          ))}
        </select>
      </label>
      <button type="button" onClick={busy ? stop : again}>
        {busy ? 'Stop' : `Run from step ${app.step}`}
      </button>
    </div>
  );
}

export function BreakView() {
  const { mutation, steps, term, tensor, problems } = readParams(app.params);
  const { state, stop, again } = useBreak(mutation, steps);
  const { start, report, problem } = state;
  const { right, wrong } = report;
  return (
    <section class="stack break">
      <Lead />
      {[...problems, problem].map((text) => (
        <Problem key={text} text={text} />
      ))}
      <div class="break-top">
        <div class="card">
          <Choice chosen={mutation} />
        </div>
        <div class="stack">
          <Words name={mutation} />
          <Runs state={state} steps={steps} stop={stop} again={again} />
          <Problem text={right.problem && `The right run ${right.problem}`} />
          <Problem text={wrong.problem && `The wrong run ${wrong.problem}`} />
        </div>
      </div>
      {start !== null && (
        <>
          <div class="break-middle">
            <Verdicts right={right} wrong={wrong} />
            <Gradients pairs={report.gradients} examples={start.examples} term={term} tensor={tensor} />
          </div>
          {steps > 0 && <Curves report={report} tested={start.tested} />}
          <Pictures right={right.pictures} wrong={wrong.pictures} image={start.image} />
        </>
      )}
    </section>
  );
}
