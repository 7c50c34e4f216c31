import { formatNats } from '../../../tensor/format.js';
import type { Inference } from '../../shared/latent.js';
import { app, setParam } from '../../state/app.js';
import type { Live } from '../../state/live.js';
import { NumberField } from '../../ui/number-field.js';
import { Problem } from '../../ui/problem.js';
import { Tiles } from '../../ui/tiles.js';
import { axes } from './chosen.js';
import { nameOf } from './code.js';
import { chooseTestImage, strokes, testImage } from './digit-state.js';
import { Pad } from './pad.js';

function Numbers({ inference: { mean, logvar, terms } }: { readonly inference: Inference }) {
  const shown = [...new Set(axes.value)].filter((axis) => axis < mean.length);
  return (
    <dl class="figures inference">
      <div>
        <dt>reconstruction</dt>
        <dd>{formatNats(terms.reconstruction)}</dd>
      </div>
      <div>
        <dt>KL</dt>
        <dd>{formatNats(terms.kl)}</dd>
      </div>
      <div>
        <dt>−ELBO</dt>
        <dd>{formatNats(-terms.elbo)}</dd>
      </div>
      {shown.map((axis) => (
        <div key={axis}>
          <dt>posterior of {nameOf(axis)}</dt>
          <dd>
            {mean[axis].toFixed(2)} ± {Math.exp(logvar[axis] / 2).toFixed(2)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What the model makes of a drawn digit or a test image. */
export function DigitCard({ live: { value, problem } }: { readonly live: Live<Inference> }) {
  const drawn = strokes.value !== null;
  const { rows, columns } = app.image;
  const size = Math.min(app.settings.count, 2000);
  return (
    <section class="card" aria-labelledby="digit-title">
      <h3 id="digit-title">Draw a digit</h3>
      <Problem text={problem} />
      <div class="digit">
        <div>
          <Pad />
          <div class="row">
            <button type="button" disabled={!drawn} onClick={() => setParam('ink', null)}>
              Clear
            </button>
          </div>
        </div>
        <div class="seen">
          {value && (
            <>
              <figure>
                <Tiles
                  pixels={value.pixels}
                  across={1}
                  rows={rows}
                  columns={columns}
                  label={
                    value.label === null
                      ? 'Your digit as the model gets it'
                      : `Test image ${testImage.value}, a ${value.label}`
                  }
                />
                <figcaption>
                  <small>{value.label === null ? 'x, yours' : `x, a ${value.label}`}</small>
                </figcaption>
              </figure>
              <figure>
                <Tiles
                  pixels={value.reconstruction}
                  across={1}
                  rows={rows}
                  columns={columns}
                  label="Its reconstruction, E[x | z] at the posterior mean"
                />
                <figcaption>
                  <small>E[x | z]</small>
                </figcaption>
              </figure>
            </>
          )}
        </div>
        {value && <Numbers inference={value} />}
      </div>
      <div class="row test-image">
        <NumberField
          label="or test image number"
          value={testImage.value}
          check={(n) =>
            Number.isSafeInteger(n) && n >= 0 && n < size
              ? null
              : `Needs a whole number from 0 to ${size - 1}.`
          }
          onCommit={chooseTestImage}
        />
        <button type="button" onClick={() => chooseTestImage((testImage.value + size - 1) % size)}>
          Previous
        </button>
        <button type="button" onClick={() => chooseTestImage((testImage.value + 1) % size)}>
          Next
        </button>
      </div>
      <p class="small soft">
        A drawing is brought to the size and place that digits have in the data. Reconstruction, KL and −ELBO
        are in nats, means over 64 draws of z ~ q(z | x); the ELBO has the likelihood's constant in it. Its
        posterior is the ellipse in the latent space.
      </p>
    </section>
  );
}
