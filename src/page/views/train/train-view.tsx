import { app } from '../../state/app.js';
import { useLive } from '../../state/live.js';
import { CodeCard, ManifoldCard } from './code-card.js';
import { CurvesCard } from './curves-card.js';
import { DigitCard } from './digit-card.js';
import { looked } from './digit-state.js';
import { FilesCard } from './files-card.js';
import { LatentCard } from './latent-card.js';
import { ReconstructionsCard, SamplesCard } from './pictures-card.js';
import { SettingsCard } from './settings-card.js';

const BATCH = 128;

/** Training, and what the model has learned. */
export function TrainView() {
  const { latent, count } = app.settings;
  const inference = useLive('trainInfer', { image: looked.value });
  return (
    <div class="train">
      <section class="lead-in" aria-labelledby="train-title">
        <h2 id="train-title">Train a variational autoencoder</h2>
        <p class="lead">
          An encoder turns an image x into a distribution over codes, q(z | x) = N(mean, exp(logvar)); a
          decoder turns a code z back into an image. Training lowers the negative ELBO: what it costs to tell
          the image from its code, and the code from the prior N(0, I).
        </p>
        <p class="formula">
          loss = E<sub>q</sub>[−log p(x | z)] + β · KL(q(z | x) ‖ N(0, I))
        </p>
      </section>
      <div class="aside">
        <SettingsCard />
      </div>
      <LatentCard inference={inference.value} />
      <CurvesCard stepsPerEpoch={Math.ceil(count / BATCH)} />
      <div class="gallery">
        <div class="stack">
          <ReconstructionsCard />
          <SamplesCard />
          <FilesCard />
        </div>
        <DigitCard live={inference} />
        <div class="stack">
          <CodeCard />
          {latent > 1 && <ManifoldCard />}
        </div>
      </div>
    </div>
  );
}
