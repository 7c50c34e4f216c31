import { formatNats } from '../../../tensor/format.js';
import type { Result } from '../../shared/protocol.js';
import { app } from '../../state/app.js';
import type { Asked } from '../../state/ask.js';
import { Card } from '../../ui/card.js';
import { NumberField, wholeNumber } from '../../ui/fields.js';
import { Tiles } from '../../ui/tiles.js';
import { nameOf } from './code.js';
import { chooseTestImage, chosenAxes, params } from './params.js';

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

/** What the model makes of the digit of the strip, in numbers. */
export function DigitCard({ inference: { value, problem } }: { readonly inference: Asked<'trainInfer'> }) {
  const digit = params.value.digit ?? 0;
  const size = Math.min(app.settings.count, 2000);
  return (
    <Card
      title="The digit in numbers"
      problem={problem}
      note={
        <>
          A drawing is scaled and centred like the digits in the data. Reconstruction, KL and −ELBO are in
          nats, means over 64 draws of z ~ q(z | x); the ELBO includes the likelihood's constant. The picture
          is decoded from the posterior mean, without noise.
        </>
      }
    >
      <div class="digit">
        {value && (
          <>
            <Tiles
              pixels={value.reconstruction}
              across={1}
              {...app.image}
              label="Its reconstruction, E[x | z] at the posterior mean"
            />
            <Numbers {...value} />
          </>
        )}
      </div>
      <div class="row test-image">
        <NumberField
          label="test image number"
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
