import { type EstimatorName, estimatorNames } from '../../../study/estimators/names.js';
import { app } from '../../state/app.js';
import { Problems } from '../../ui/card.js';
import { Select } from '../../ui/fields.js';
import { MarkKey } from '../../ui/marks.js';
import { Tiles } from '../../ui/tiles.js';
import {
  BATCHES,
  type Choices,
  choicesFor,
  coordinateName,
  coordinates,
  coordinateTitle,
  DRAWS,
} from './choices.js';
import { Clouds } from './clouds.js';
import { type Comparison, params, REFERENCE_DRAWS, useComparison } from './comparison.js';
import { lookOf } from './look.js';
import { Numbers, VarianceCurve } from './numbers.js';
import '../../style/estimators.css';

const same = <T extends string>(values: readonly T[]) => values.map((value) => [value, value] as const);

function Controls({ about, choices }: { readonly about: Comparison['about']; readonly choices: Choices }) {
  const { batch, image, pixels, groups } = about;
  const { x, y, of, group } = choices;
  const axes = coordinates(about.latent).map((one) => [coordinateName(one), coordinateTitle(one)] as const);
  const examples = Array.from({ length: batch }, (_, b) => [String(b), `example ${b + 1}`] as const);
  const size = image.rows * image.columns;
  const isAll = of === 'all';
  return (
    <div class="card settings">
      <Select label="across" value={coordinateName(x)} options={axes} onChoose={(x) => params.set({ x })} />
      <Select label="up" value={coordinateName(y)} options={axes} onChoose={(y) => params.set({ y })} />
      <Select
        label="of"
        value={String(of)}
        options={[...examples, ['all', 'the whole batch']]}
        onChoose={(of) => params.set({ of })}
      />
      <div class="example">
        <Tiles
          pixels={isAll ? pixels : pixels.subarray(of * size, (of + 1) * size)}
          across={isAll ? Math.ceil(Math.sqrt(batch)) : 1}
          {...image}
          label={isAll ? 'The images of the batch' : `Example ${of + 1} of the batch`}
        />
      </div>
      <Select
        label="gradient by"
        value={group}
        options={same(groups.map(({ name }) => name))}
        onChoose={(group) => params.set({ group })}
      />
      <Select
        label="draws"
        value={params.value.draws}
        options={same(DRAWS)}
        onChoose={(draws) => params.set({ draws })}
      />
      <Select
        label="examples, at most"
        value={params.value.batch}
        options={same(BATCHES)}
        onChoose={(batch) => params.set({ batch })}
      />
    </div>
  );
}

/** A switch for each estimator. At least one stays on. */
function Switches({ shown }: { readonly shown: ReadonlySet<EstimatorName> }) {
  const toggle = (name: EstimatorName): void => {
    const next = estimatorNames.filter((one) => (one === name ? !shown.has(one) : shown.has(one)));
    if (next.length > 0) params.set({ show: next });
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

type Comparing = ReturnType<typeof useComparison>;

/** The progress of the comparison, and a pause button. */
function Progress({ found, comparing }: { readonly found: Comparison; readonly comparing: Comparing }) {
  const { about, done, referenceDone } = found;
  const { isDrawing, isDone, pause, goOn, again } = comparing;
  const old = about.at !== app.step;
  return (
    <div class="row progress">
      <button type="button" disabled={isDone} onClick={isDrawing ? pause : goOn}>
        {isDrawing ? 'Pause drawing' : 'Go on drawing'}
      </button>
      <button type="button" onClick={again}>
        {old ? `Compare at step ${app.step}` : 'Draw again'}
      </button>
      <p class="small soft" data-figure="draws" data-done={done}>
        Weights of step {about.at}, batch {about.batch}, beta {about.beta}.{' '}
        {done === 0
          ? `Reference: ${referenceDone} of ${REFERENCE_DRAWS} draws.`
          : `${done} of ${params.value.draws} draws.`}
        {old && ' The model has trained further since.'}
      </p>
    </div>
  );
}

function Compared() {
  const comparing = useComparison();
  const found = comparing.comparison;
  const choices = found && choicesFor(params.value, found.about);
  return (
    <section class="stack estimators" data-drawing={comparing.isDrawing}>
      <div>
        <h2>Compare estimators</h2>
        <p class="lead">
          The KL between two Gaussians has a formula, and so has its gradient; that of the reconstruction R,
          an expectation over q(z | x), can only be estimated. The trick is one way: draw epsilon, and
          differentiate through z = mean + sigma · epsilon. The score function is another: it never
          differentiates the loss, but weights the gradient of log q by it. Both are unbiased. Below, each
          draw of epsilon gives one point of each estimator, at the same weights and on the same batch; how
          far the points scatter is how noisy training would be.
        </p>
        <p class="formula">
          <span>pathwise: E[ dR/dz · dz/dmean ]</span>{' '}
          <span>score function: E[ R(z) · d log q(z)/dmean ]</span>
        </p>
        {found && <Progress found={found} comparing={comparing} />}
        <Problems texts={[...params.problems, comparing.problem]} />
        {found === null && app.status === 'training' && (
          <div class="row">
            <button type="button" onClick={comparing.again}>
              Compare at this step
            </button>
            <p class="soft small">Training continues; the comparison keeps the current weights.</p>
          </div>
        )}
        {found === null && app.status === 'starting' && <p class="soft">Waiting for the model ...</p>}
      </div>
      {found && choices && (
        <>
          <Controls about={found.about} choices={choices} />
          <div class="beside">
            <Clouds comparison={found} choices={choices} />
            <Switches shown={choices.shown} />
          </div>
          {found.last && (
            <div class="cards lower">
              <Numbers report={found.last.report} choices={choices} />
              <VarianceCurve report={found.last.report} choices={choices} />
            </div>
          )}
        </>
      )}
    </section>
  );
}

/** A comparison belongs to one session of the model. */
export const EstimatorsView = () => <Compared key={app.session} />;
