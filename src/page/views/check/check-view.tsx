import { type ProbedTerm, probedTerms } from '../../../study/probe/options.js';
import { formatError, formatNumber } from '../../../tensor/format.js';
import { app } from '../../state/app.js';
import { useAsk } from '../../state/ask.js';
import { Card, Problem, Problems } from '../../ui/card.js';
import { Select } from '../../ui/fields.js';
import { Agreement } from './agreement.js';
import { Elements } from './elements.js';
import { params, positionOfStep, STEP_RANGE, stepAt } from './params.js';
import { Targets } from './targets.js';
import { VCurve } from './v-curve.js';
import '../../style/check.css';

const termWords = (term: ProbedTerm): string => (term === 'kl' ? 'KL' : term);

/** Whether the list of tensors has a column of its own, as in the style sheet, and starts open. */
const wide = matchMedia('(min-width: 1000px)');

function Controls() {
  const { term, h, hold } = params.value;
  return (
    <div class="check-controls">
      <Select
        label="Gradient of"
        value={term}
        options={probedTerms.map((name) => [name, termWords(name)])}
        onChoose={(name) => params.set({ term: name })}
      />
      <div class="field">
        <label for="check-step">
          Step h = <b>{formatError(h)}</b>
        </label>
        <input
          id="check-step"
          type="range"
          min={STEP_RANGE.min}
          max={STEP_RANGE.max}
          value={positionOfStep(h)}
          aria-valuetext={formatError(h)}
          onInput={({ currentTarget }) => params.set({ h: stepAt(Number(currentTarget.value)) })}
        />
      </div>
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          aria-checked={hold === 'yes'}
          checked={hold === 'yes'}
          onChange={({ currentTarget }) => params.set({ hold: currentTarget.checked ? 'yes' : 'no' })}
        />
        Hold epsilon
      </label>
    </div>
  );
}

function Results() {
  const { target, term, element, h, hold } = params.value;
  const asked = { target, term, element, hold: hold === 'yes' };
  // While the model trains, the last answer stays.
  const probed = useAsk('checkProbe', app.still ? { ...asked, step: h } : null, { restart: true });
  const curve = useAsk('checkCurve', app.still ? asked : null, { restart: true });
  const probe = probed.value;
  const problem = probed.problem ?? curve.problem;
  if (problem !== null) return <Problem text={problem} />;
  if (probe === null) {
    return (
      <p class="soft" aria-busy={probed.busy}>
        {app.status === 'training' ? 'Pause the training to check.' : 'Checking ...'}
      </p>
    );
  }
  const points = curve.busy ? curve.parts : (curve.value?.points ?? []);
  const selected = points[0]?.element ?? element;
  const entry = probe.entries.find((one) => one.element === selected) ?? null;
  const stale = probe.at !== app.step;
  return (
    <div class="stack" aria-busy={probed.busy || curve.busy}>
      <div class="card">
        <div class={`verdict ${probe.passed ? 'right' : 'wrong'}`} role="status">
          <p>
            <b>
              <span aria-hidden="true">{probe.passed ? '✓ ' : '✗ '}</span>
              {probe.passed ? 'The check passes.' : 'The check fails.'}
            </b>{' '}
            {probe.message}
          </p>
        </div>
        <p class="small soft">
          {termWords(probe.term)} {formatNumber(probe.value, 6)} nats per example, at step {probe.at}, in
          float64, on the first 4 examples of the batch that comes next.
          {stale && ' The model has trained further since: pause to check it as it is now.'}
        </p>
      </div>
      <div class="cards" style={{ '--least': '400px' }}>
        <div class="card">
          <Elements probe={probe} selected={selected} />
        </div>
        <div class="stack">
          <div class="card">
            <VCurve
              points={points}
              curve={curve.busy ? null : curve.value}
              element={points[0]?.index === undefined ? '' : `[${points[0].index?.join(', ')}]`}
              at={entry}
            />
          </div>
          <div class="card">
            <Agreement entries={probe.entries} selected={selected} />
          </div>
        </div>
      </div>
    </div>
  );
}

export function CheckView() {
  return (
    <section class="stack check">
      <div>
        <h2>Check it</h2>
        <p class="lead">
          Backpropagation says what the gradient is; a finite difference measures it. Move one number a step h
          up and down, compute the whole objective f both times, and divide:
        </p>
        <p class="formula">∂f/∂x ≈ (f(x + h) − f(x − h)) / 2h</p>
        <p class="lead">
          A long step errs by the third derivative, h² |f‴| / 6; a short one by rounding, about 10⁻¹⁶ |f| / h.
          In between lies a step at which the two ways agree to many digits, if the gradient is right and
          nothing else has moved: epsilon must be the same in both evaluations. Draw it anew to see what
          happens. Where a step carries an activation across a kink, the function bends in between, and the
          difference says little.
        </p>
      </div>
      <Problems texts={params.problems} />
      <div class="check-columns">
        <details class="card" open={wide.matches}>
          <summary>
            <h3>With respect to which tensor?</h3>
          </summary>
          <Targets />
        </details>
        <div class="stack">
          <Card
            title={
              <>
                With respect to <code>{params.value.target}</code>
              </>
            }
          >
            <Controls />
          </Card>
          <Results />
        </div>
      </div>
    </section>
  );
}
