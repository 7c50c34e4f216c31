import { formatNats } from '../../../tensor/format.js';
import type { Result } from '../../shared/protocol.js';
import { app } from '../../state/app.js';
import type { Asked } from '../../state/ask.js';
import { Card } from '../../ui/card.js';
import { NumberField, wholeNumber } from '../../ui/fields.js';
import { Tiles } from '../../ui/tiles.js';
import { nameOf } from './code.js';
import { Pad } from './pad.js';
import { chooseTestImage, chosenAxes, params, strokes } from './params.js';

function Numbers({ mean, logvar, terms }: Result<'trainInfer'>) {
  const shown = [...new Set(chosenAxes())].filter((axis) => axis < mean.length);
  const figures = [
    ['reconstruction', formatNats(terms.reconstruction)],
    ['KL', formatNats(terms.kl)],
    ['−ELBO', formatNats(-terms.elbo)],
    ...shown.map((axis) => [
      `posterior of ${nameOf(axis)}`,
      `${mean[axis].toFixed(2)} ± ${Math.exp(logvar[axis] / 2).toFixed(2)}`,
    ]),
  ];
  return (
    <dl class="figures inference">
      {figures.map(([name, figure]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{figure}</dd>
        </div>
      ))}
    </dl>
  );
}

/** An image of the digit, with a caption below. */
function Seen(props: { readonly pixels: Uint8Array; readonly label: string; readonly caption: string }) {
  const { pixels, label, caption } = props;
  return (
    <figure>
      <Tiles pixels={pixels} across={1} {...app.image} label={label} />
      <figcaption>
        <small>{caption}</small>
      </figcaption>
    </figure>
  );
}

/** What the model makes of a drawn digit or a test image. */
export function DigitCard({ inference: { value, problem } }: { readonly inference: Asked<'trainInfer'> }) {
  const { digit } = params.value;
  const size = Math.min(app.settings.count, 2000);
  return (
    <Card
      title="Draw a digit"
      problem={problem}
      note={
        <>
          A drawing is scaled and centred like the digits in the data. Reconstruction, KL and −ELBO are in
          nats, means over 64 draws of z ~ q(z | x); the ELBO includes the likelihood's constant. The ellipse
          in the latent space is its posterior.
        </>
      }
    >
      <div class="digit">
        <div>
          <Pad />
          <div class="row">
            <button type="button" disabled={strokes() === null} onClick={() => params.set({ ink: null })}>
              Clear
            </button>
          </div>
        </div>
        <div class="seen">
          {value && (
            <>
              <Seen
                pixels={value.pixels}
                label={
                  value.label === null
                    ? 'Your digit as the model gets it'
                    : `Test image ${digit}, a ${value.label}`
                }
                caption={value.label === null ? 'x, yours' : `x, a ${value.label}`}
              />
              <Seen
                pixels={value.reconstruction}
                label="Its reconstruction, E[x | z] at the posterior mean"
                caption="E[x | z]"
              />
            </>
          )}
        </div>
        {value && <Numbers {...value} />}
      </div>
      <div class="row test-image">
        <NumberField
          label="or test image number"
          value={digit}
          check={wholeNumber(0, size - 1)}
          onCommit={chooseTestImage}
        />
        <button type="button" onClick={() => chooseTestImage((digit + size - 1) % size)}>
          Previous
        </button>
        <button type="button" onClick={() => chooseTestImage((digit + 1) % size)}>
          Next
        </button>
      </div>
    </Card>
  );
}
