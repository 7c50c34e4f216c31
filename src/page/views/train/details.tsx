import { isHidden } from '../../state/address.js';
import { app } from '../../state/app.js';
import { useAsk } from '../../state/ask.js';
import { useCard } from '../../ui/card.js';
import { CodeCard } from './code-card.js';
import { CurvesCard } from './curves-card.js';
import { DigitCard } from './digit-card.js';
import { Experiments } from './experiments-row.js';
import { FilesCard } from './files-card.js';
import { Goal } from './goal.js';
import { LatentCard } from './latent-card.js';
import { chosenImage } from './params.js';
import { ManifoldCard, ReconstructionsCard, SamplesCard } from './pictures-card.js';
import { SettingsCard } from './settings-card.js';
import '../../style/train.css';

function Formulas() {
  return (
    <details>
      <summary>In formulas</summary>
      <p class="lead">
        An encoder turns an image x into a distribution over codes, q(z | x) = N(mean, exp(logvar)); a decoder
        turns a code z back into an image. Training lowers the negative ELBO: the cost of recognising the
        image by its code, plus that of the code under the prior N(0, I).
      </p>
      <p class="formula">
        loss = E<sub>q</sub>[−log p(x | z)] + β · KL(q(z | x) ‖ N(0, I))
      </p>
    </details>
  );
}

/** Everything below the strip. */
export function Details() {
  const { latent, count, batchSize } = app.settings;
  const { root, visible } = useCard();
  const inference = useAsk('trainInfer', visible ? { image: chosenImage() } : null);
  const shows = (part: Parameters<typeof isHidden>[1]): boolean => !isHidden(app.params, part);
  return (
    <>
      {shows('experiments') && <Experiments />}
      <Goal />
      <Formulas />
      <section ref={root} class={`train ${shows('settings') ? '' : 'bare'}`} aria-label="The model in detail">
        {shows('settings') && (
          <div class="aside">
            <SettingsCard />
          </div>
        )}
        <LatentCard inference={inference.value} />
        {shows('curves') && <CurvesCard stepsPerEpoch={Math.ceil(count / batchSize)} />}
        <div class="gallery">
          <div class="stack">
            <ReconstructionsCard />
            <SamplesCard />
            {shows('files') && <FilesCard />}
          </div>
          <DigitCard inference={inference} />
          <div class="stack">
            <CodeCard />
            {latent > 1 && <ManifoldCard />}
          </div>
        </div>
      </section>
    </>
  );
}
