import { useMemo, useRef } from 'preact/hooks';
import { collect } from '../../../study/break/report.js';
import { MUTATIONS, type MutationName, mutationWords } from '../../../study/break/words.js';
import type { Part } from '../../shared/protocol.js';
import { app } from '../../state/app.js';
import { type Asked, useAsk } from '../../state/ask.js';
import { viewParams } from '../../state/params.js';
import { Card, Problem, Problems } from '../../ui/card.js';
import { Select } from '../../ui/fields.js';
import { Goal } from '../train/goal.js';
import { Curves } from './curves.js';
import { Gradients } from './gradients.js';
import { breakSchema, gradientOf, STEPS } from './params.js';
import { Pictures } from './pictures.js';
import { Verdicts } from './verdicts.js';
import '../../style/break.css';

const params = viewParams(breakSchema);

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

/** The choice of mutation. */
function Choice({ chosen }: { readonly chosen: MutationName }) {
  return (
    <fieldset class="mutations">
      <legend>What to get wrong</legend>
      {MUTATIONS.map((name) => (
        <label key={name} class={name === chosen ? 'chosen' : undefined}>
          <input
            type="radio"
            name="mutation"
            value={name}
            checked={name === chosen}
            onChange={() => params.set({ mutation: name, term: null, tensor: null })}
          />
          <span>{mutationWords[name].title}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** The wrong and the right line, and the effect. */
function Words({ name }: { readonly name: MutationName }) {
  const { title, right, wrong, explanation } = mutationWords[name];
  const lines = [
    ['wrong', '\u2212', wrong],
    ['right', '+', right],
  ];
  return (
    <Card title={title}>
      <div class="lines">
        {lines.map(([kind, sign, code]) => (
          <p key={kind} class={`line ${kind}`}>
            <span class="sign" aria-hidden="true">
              {sign}
            </span>
            <span class="word">{kind}</span>
            <code>{code}</code>
          </p>
        ))}
      </div>
      {explanation.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </Card>
  );
}

type Start = Extract<Part<'breakRun'>, { kind: 'start' }>;

/** The progress of both runs. A component of its own, so that the view is not redrawn while the model trains. */
function Runs(props: {
  readonly start: Start | undefined;
  readonly taken: number;
  readonly runs: Asked<'breakRun'>;
}) {
  const { start, taken, runs } = props;
  const { steps } = params.value;
  const movedOn = start !== undefined && start.at !== app.step;
  return (
    <div class="card row runs">
      <p data-runs={runs.busy ? 'busy' : 'done'}>
        {start === undefined
          ? 'Waiting for the model.'
          : `From step ${start.at}: ${steps === '0' ? 'no training' : `${taken} of ${steps} steps of each run`}`}
        {movedOn && app.status === 'training' && ', while the model trains on'}
      </p>
      <Select
        class="row small"
        label="train both for"
        value={steps}
        options={STEPS.map((count) => [count, count === '0' ? 'no steps' : `${count} steps`])}
        onChoose={(steps) => params.set({ steps })}
      />
      <button type="button" onClick={runs.busy ? runs.stop : runs.again}>
        {runs.busy ? 'Stop' : `Run from step ${app.step}`}
      </button>
    </div>
  );
}

export function BreakView() {
  const { mutation, steps } = params.value;
  // The step at which the model last stopped: while it trains, the runs stay with the step they began at.
  const rested = useRef(-1);
  if (app.still) rested.current = app.step;
  const asked = { mutation, steps: Number(steps) };
  const runs = useAsk('breakRun', asked, { at: rested.current, restart: true });
  const [start, report] = useMemo(() => {
    const [first, ...parts] = runs.parts;
    return [
      first?.kind === 'start' ? first : undefined,
      collect(parts.filter((part) => part.kind !== 'start')),
    ];
  }, [runs.parts]);
  const { right, wrong } = report;
  const [term, tensor] = gradientOf(params.value);
  return (
    <section class="stack break">
      <Goal />
      <Lead />
      <Problems texts={[...params.problems, runs.problem]} />
      <div class="break-top">
        <div class="card">
          <Choice chosen={mutation} />
        </div>
        <div class="stack">
          <Words name={mutation} />
          <Runs start={start} taken={right.losses.length} runs={runs} />
          <Problem text={right.problem && `The right run ${right.problem}`} />
          <Problem text={wrong.problem && `The wrong run ${wrong.problem}`} />
        </div>
      </div>
      {start && (
        <>
          <div class="break-middle">
            <Verdicts right={right} wrong={wrong} />
            <Gradients
              pairs={report.gradients}
              examples={start.examples}
              term={term}
              tensor={tensor}
              onChoose={params.set}
            />
          </div>
          {steps !== '0' && <Curves report={report} tested={start.tested} />}
          <Pictures right={right.pictures} wrong={wrong.pictures} image={start.image} />
        </>
      )}
    </section>
  );
}
