import { useEffect } from 'preact/hooks';
import { type EstimatorName, estimatorNames } from '../../../study/estimators/names.js';
import { app, setParam } from '../../state/app.js';
import { MarkKey } from '../../ui/marks.js';
import { Tiles } from '../../ui/tiles.js';
import {
  BATCHES,
  type Choices,
  type Coordinate,
  coordinateName,
  coordinates,
  coordinateTitle,
  DRAWS,
  readChoices,
} from './choices.js';
import { Clouds } from './clouds.js';
import { lookOf } from './look.js';
import { Numbers, VarianceCurve } from './numbers.js';
import {
  activity,
  begin,
  type Comparison,
  comparison,
  forget,
  goOn,
  pauseDrawing,
  problem,
  REFERENCE_DRAWS,
} from './run.js';

const NOTHING = { latent: 2, batch: 1, groups: [] };

interface SelectProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
}

function Select({ label, name, value, options }: SelectProps) {
  const id = `estimators-${name}`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={({ currentTarget }) => setParam(name, currentTarget.value)}>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

const same = <T extends string | number>(values: readonly T[]): (readonly [string, string])[] =>
  values.map((value) => [String(value), String(value)] as const);

function Controls({ about, choices }: { readonly about: Comparison['about']; readonly choices: Choices }) {
  const axes = coordinates(about.latent).map(
    (one: Coordinate) => [coordinateName(one), coordinateTitle(one)] as const,
  );
  const examples = Array.from({ length: about.batch }, (_, b) => [String(b), `example ${b + 1}`] as const);
  const size = about.rows * about.columns;
  return (
    <div class="card settings">
      <Select label="across" name="x" value={coordinateName(choices.x)} options={axes} />
      <Select label="up" name="y" value={coordinateName(choices.y)} options={axes} />
      <Select
        label="of"
        name="of"
        value={String(choices.of)}
        options={[...examples, ['all', 'the whole batch'] as const]}
      />
      <div class="example">
        <Tiles
          pixels={
            choices.of === 'all'
              ? about.pixels
              : about.pixels.subarray(choices.of * size, (choices.of + 1) * size)
          }
          across={choices.of === 'all' ? Math.ceil(Math.sqrt(about.batch)) : 1}
          rows={about.rows}
          columns={about.columns}
          label={choices.of === 'all' ? 'The images of the batch' : `Example ${choices.of + 1} of the batch`}
        />
      </div>
      <Select
        label="numbers about"
        name="group"
        value={choices.group}
        options={same(about.groups.map(({ name }) => name))}
      />
      <Select label="draws" name="draws" value={String(choices.draws)} options={same(DRAWS)} />
      <Select label="examples, at most" name="batch" value={String(choices.batch)} options={same(BATCHES)} />
    </div>
  );
}

/** A switch for each estimator. At least one stays on. */
function Switches({ shown }: { readonly shown: ReadonlySet<EstimatorName> }) {
  const toggle = (name: EstimatorName): void => {
    const next = estimatorNames.filter((one) => (one === name ? !shown.has(one) : shown.has(one)));
    if (next.length === 0) return;
    setParam('show', next.length === estimatorNames.length ? null : next.join(','));
  };
  return (
    <fieldset class="card switches">
      <legend>Estimators</legend>
      {estimatorNames.map((name) => {
        const { title, about, mark, color } = lookOf(name);
        return (
          <label key={name}>
            <input type="checkbox" checked={shown.has(name)} onChange={() => toggle(name)} />
            <MarkKey mark={mark} color={color} />
            <span>
              {title}
              <small>{about}</small>
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

/** The progress of the comparison, and a pause button. */
function Progress({ found, choices }: { readonly found: Comparison; readonly choices: Choices }) {
  const { about, done, referenceDone } = found;
  const isDrawing = activity.value === 'drawing';
  const old = about.at !== app.step;
  return (
    <div class="row progress">
      <button
        type="button"
        disabled={activity.value === 'done' || activity.value === 'idle'}
        onClick={() => (isDrawing ? pauseDrawing() : void goOn(choices.draws))}
      >
        {isDrawing ? 'Pause drawing' : 'Go on drawing'}
      </button>
      <button type="button" onClick={() => void begin(choices.batch, choices.draws)}>
        {old ? `Compare at step ${app.step}` : 'Draw again'}
      </button>
      <p class="small soft" data-figure="draws" data-done={done}>
        Weights of step {about.at}, batch {about.batch}, beta {about.beta}.{' '}
        {done === 0
          ? `Reference: ${referenceDone} of ${REFERENCE_DRAWS} draws.`
          : `${done} of ${choices.draws} draws.`}
        {old && ' The model has gone on since.'}
      </p>
    </div>
  );
}

/** Begins a comparison for a new model, and continues one that an earlier visit to the view began. */
function useComparison({ batch, draws }: Choices): void {
  const number = app.session;
  useEffect(() => forget, [number]);
  const still = app.status === 'ready';
  const now = app.step;
  useEffect(() => {
    if (still) void begin(batch, draws);
  }, [still, now, batch, number]);
  useEffect(() => {
    const found = comparison.value;
    if (found === null) return;
    if (found.done > draws) void begin(batch, draws);
    else if (found.done < draws && activity.value !== 'idle') void goOn(draws);
  }, [draws]);
}

export function EstimatorsView() {
  const found = comparison.value;
  const about = found?.about;
  const choices = readChoices(
    app.params,
    about ? { ...about, groups: about.groups.map(({ name }) => name) } : NOTHING,
  );
  useComparison(choices);
  return (
    <section class="stack estimators">
      <div>
        <h2>Compare estimators</h2>
        <p class="lead">
          The gradient of an expectation over q(z | x) can only be estimated. The trick is one way: draw
          epsilon, and differentiate through z = mean + sigma epsilon. The score function is another: it never
          differentiates the loss, it weighs the gradient of log q with it. Both are right on average. Below,
          each draw of epsilon gives one point of each estimator, at the same weights and on the same batch;
          how far the points scatter is how noisy training would be.
        </p>
        <p class="formula">
          <span>pathwise: E[ dL/dz · dz/dmean ]</span>{' '}
          <span>score function: E[ L(z) · d log q(z)/dmean ]</span>
        </p>
        {found && <Progress found={found} choices={choices} />}
        {problem.value !== null && (
          <p class="notice problem" role="alert">
            {problem.value}
          </p>
        )}
        {found === null && app.status === 'training' && (
          <div class="row">
            <button type="button" onClick={() => void begin(choices.batch, choices.draws)}>
              Compare at this step
            </button>
            <p class="soft small">The training goes on; the comparison stays with the weights of now.</p>
          </div>
        )}
        {found === null && app.status === 'starting' && <p class="soft">Waiting for the model ...</p>}
      </div>
      {found && about && (
        <>
          <Controls about={about} choices={choices} />
          <div class="beside">
            <Clouds comparison={found} choices={choices} />
            <Switches shown={choices.shown} />
          </div>
          {found.report && (
            <div class="cards lower">
              <Numbers report={found.report} choices={choices} />
              <VarianceCurve report={found.report} choices={choices} />
            </div>
          )}
        </>
      )}
    </section>
  );
}
