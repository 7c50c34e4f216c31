import { app } from '../../state/app.js';
import { useAsk } from '../../state/ask.js';
import { Card, useCard } from '../../ui/card.js';
import { Tiles } from '../../ui/tiles.js';
import { nameOf } from './code.js';
import { chosenAxes, chosenCode, params } from './params.js';

const ACROSS = 10;
const SAMPLES = 40;
/** Images along each side of the manifold. */
const SIDE = 15;
/** Milliseconds between updates of the pictures. */
const between = 700;

const both = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
};

/** Test images above their reconstructions. */
export function ReconstructionsCard() {
  const { root, visible } = useCard();
  const { value, problem } = useAsk('trainReconstructions', visible ? { count: ACROSS } : null, { between });
  return (
    <Card
      root={root}
      title="Images and their reconstructions"
      problem={problem}
      note="Above: test images x. Below: E[x | z] at the posterior mean of each."
    >
      <Tiles
        pixels={value && both(value.images, value.reconstructions)}
        across={value?.labels.length ?? ACROSS}
        count={2 * ACROSS}
        {...app.image}
        label={`The test images of classes ${[...(value?.labels ?? [])].join(', ')}; below each, E[x | z] at its posterior mean`}
      />
    </Card>
  );
}

/** Samples from the prior. */
export function SamplesCard() {
  const { root, visible } = useCard();
  const { samples: seed } = params.value;
  const { value, problem } = useAsk('trainSamples', visible ? { count: SAMPLES, seed } : null, { between });
  return (
    <Card
      root={root}
      title="Samples"
      actions={
        <button type="button" class="quiet" onClick={() => params.set({ samples: seed + 1 })}>
          Draw others
        </button>
      }
      problem={problem}
      note={`E[x | z] for z ~ N(0, I), drawn with seed ${seed}.`}
    >
      <Tiles
        pixels={value}
        across={ACROSS}
        count={SAMPLES}
        {...app.image}
        label={`${SAMPLES} new images: E[x | z] for z drawn from the prior with seed ${seed}`}
      />
    </Card>
  );
}

/** Images over the plane of the two dimensions. */
export function ManifoldCard() {
  const { root, visible } = useCard();
  const axes = chosenAxes();
  const [across, up] = axes.map(nameOf);
  const asked = visible ? { axes, z: chosenCode(), side: SIDE } : null;
  const { value, problem } = useAsk('trainManifold', asked, { between });
  return (
    <Card
      root={root}
      title="Manifold"
      problem={problem}
      note={
        <>
          E[x | z] over {across} (to the right) and {up} (upwards), in equal steps of probability under the
          prior
          {app.settings.latent > 2 && '; the sliders set the other dimensions'}.
        </>
      }
    >
      <Tiles
        pixels={value}
        across={SIDE}
        count={SIDE * SIDE}
        {...app.image}
        gap={0}
        label={`E[x | z] on a grid of ${SIDE} x ${SIDE} codes: ${across} grows to the right, ${up} upwards`}
      />
    </Card>
  );
}
