import { app } from '../../state/app.js';
import { useAsk } from '../../state/ask.js';
import { Problems } from '../../ui/card.js';
import { CodeCard } from './code-card.js';
import { CurvesCard } from './curves-card.js';
import { DigitCard } from './digit-card.js';
import { FilesCard } from './files-card.js';
import { LatentCard } from './latent-card.js';
import { chosenImage, params } from './params.js';
import { ManifoldCard, ReconstructionsCard, SamplesCard } from './pictures-card.js';
import { SettingsCard } from './settings-card.js';

/** Training, and what the model has learned. */
export function TrainView() {
  const { latent, count, batchSize } = app.settings;
  const inference = useAsk('trainInfer', { image: chosenImage() });
  return (
    <div class="train">
      <section class="lead-in" aria-labelledby="train-title">
        <h2 id="train-title">Train a variational autoencoder</h2>
        <p class="lead">
          An encoder turns an image x into a distribution over codes, q(z | x) = N(mean, exp(logvar)); a
          decoder turns a code z back into an image. Training lowers the negative ELBO: the cost of describing
          the image by its code, plus that of the code under the prior N(0, I).
        </p>
        <p class="formula">
          loss = E<sub>q</sub>[−log p(x | z)] + β · KL(q(z | x) ‖ N(0, I))
        </p>
        <Problems texts={params.problems} />
      </section>
      <div class="aside">
        <SettingsCard />
      </div>
      <LatentCard inference={inference.value} />
      <CurvesCard stepsPerEpoch={Math.ceil(count / batchSize)} />
      <div class="gallery">
        <div class="stack">
          <ReconstructionsCard />
          <SamplesCard />
          <FilesCard />
        </div>
        <DigitCard inference={inference} />
        <div class="stack">
          <CodeCard />
          {latent > 1 && <ManifoldCard />}
        </div>
      </div>
    </div>
  );
}
