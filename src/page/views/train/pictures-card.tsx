import { useRef } from 'preact/hooks';
import { app, setParam } from '../../state/app.js';
import { useLive } from '../../state/live.js';
import { Problem } from '../../ui/problem.js';
import { Tiles } from '../../ui/tiles.js';
import { useVisible } from '../../ui/use-visible.js';

const ACROSS = 10;
const SAMPLES = 40;
/** Milliseconds between updates of the pictures. */
const BETWEEN = 700;

const both = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
};

/** Test images above their reconstructions. */
export function ReconstructionsCard() {
  const root = useRef<HTMLElement>(null);
  const visible = useVisible(root);
  const { value, problem } = useLive('trainReconstructions', visible ? { count: ACROSS } : null, BETWEEN);
  return (
    <section ref={root} class="card" aria-labelledby="reconstructions-title">
      <h3 id="reconstructions-title">Images and their reconstructions</h3>
      <Problem text={problem} />
      <Tiles
        pixels={value && both(value.images, value.reconstructions)}
        across={value?.labels.length ?? ACROSS}
        count={2 * ACROSS}
        {...app.image}
        label={`The test images of classes ${[...(value?.labels ?? [])].join(', ')}; below each, E[x | z] at its posterior mean`}
      />
      <p class="small soft">Above: test images x. Below: E[x | z] at the posterior mean of each.</p>
    </section>
  );
}

/** Samples from the prior. */
export function SamplesCard() {
  const root = useRef<HTMLElement>(null);
  const visible = useVisible(root);
  const seed = Math.floor(Math.abs(Number(app.params.samples ?? 0))) || 0;
  const { value, problem } = useLive('trainSamples', visible ? { count: SAMPLES, seed } : null, BETWEEN);
  return (
    <section ref={root} class="card" aria-labelledby="samples-title">
      <div class="row spread">
        <h3 id="samples-title">Samples</h3>
        <button type="button" class="quiet" onClick={() => setParam('samples', String(seed + 1))}>
          Draw others
        </button>
      </div>
      <Problem text={problem} />
      <Tiles
        pixels={value}
        across={ACROSS}
        count={SAMPLES}
        {...app.image}
        label={`${SAMPLES} new images: E[x | z] for z drawn from the prior with seed ${seed}`}
      />
      <p class="small soft">E[x | z] for z ~ N(0, I), with the seed {seed}: no image went in.</p>
    </section>
  );
}
