import { useRef } from 'preact/hooks';
import { formatNats } from '../../../tensor/format.js';
import { app } from '../../state/app.js';
import { useLive } from '../../state/live.js';
import { Problem } from '../../ui/problem.js';
import { Tiles } from '../../ui/tiles.js';
import { useVisible } from '../../ui/use-visible.js';
import { axes, code, setCode } from './chosen.js';
import { nameOf } from './code.js';

/** Sliders shown before the rest is unfolded. */
const FIRST = 10;
/** Images along each side of the grid. */
const SIDE = 15;
const BETWEEN = 700;

function Slider({ axis }: { readonly axis: number }) {
  const nats = app.lastEpoch?.test?.klPerDimension[axis];
  const value = code.value[axis];
  return (
    <label class="slider">
      <span>{nameOf(axis)}</span>
      <input
        type="range"
        min="-4"
        max="4"
        step="0.05"
        value={value}
        onInput={({ currentTarget }) =>
          setCode(code.value.map((old, i) => (i === axis ? Number(currentTarget.value) : old)))
        }
      />
      <output>{value.toFixed(2)}</output>
      <small class="soft" title="KL of this dimension on the test set, after the last whole epoch">
        {nats === undefined ? '' : `${formatNats(nats)} nats`}
      </small>
    </label>
  );
}

/** A code set by hand, and its image. */
export function CodeCard() {
  const root = useRef<HTMLElement>(null);
  const visible = useVisible(root);
  const { latent } = app.settings;
  const { value, problem } = useLive('trainDecode', visible ? { z: code.value } : null, BETWEEN / 2);
  const sliders = Array.from({ length: latent }, (_, axis) => <Slider key={nameOf(axis)} axis={axis} />);
  return (
    <section ref={root} class="card" aria-labelledby="code-title">
      <div class="row spread">
        <h3 id="code-title">z by hand</h3>
        <button
          type="button"
          class="quiet"
          disabled={code.value.every((x) => x === 0)}
          onClick={() => setCode([])}
        >
          Back to 0
        </button>
      </div>
      <Problem text={problem} />
      <div class="by-hand">
        <Tiles pixels={value} across={1} {...app.image} label="E[x | z] for the z of the sliders" />
        <div class="sliders">
          {sliders.slice(0, FIRST)}
          {latent > FIRST && (
            <details>
              <summary>The other {latent - FIRST}</summary>
              {sliders.slice(FIRST)}
            </details>
          )}
        </div>
      </div>
      <p class="small soft">
        E[x | z], with the KL that each dimension takes on the test set: one that takes none has died, and its
        slider changes nothing.
      </p>
    </section>
  );
}

/** Images over the plane of the two dimensions. */
export function ManifoldCard() {
  const root = useRef<HTMLElement>(null);
  const visible = useVisible(root);
  const [i, j] = axes.value;
  const { value, problem } = useLive(
    'trainManifold',
    visible ? { axes: axes.value, z: code.value, side: SIDE } : null,
    BETWEEN,
  );
  return (
    <section ref={root} class="card" aria-labelledby="manifold-title">
      <h3 id="manifold-title">Manifold</h3>
      <Problem text={problem} />
      <Tiles
        pixels={value}
        across={SIDE}
        count={SIDE * SIDE}
        {...app.image}
        gap={0}
        label={`E[x | z] on a grid of ${SIDE} x ${SIDE} codes: ${nameOf(i)} grows to the right, ${nameOf(j)} upwards`}
      />
      <p class="small soft">
        E[x | z] over {nameOf(i)} (to the right) and {nameOf(j)} (upwards), in equal steps of probability
        under the prior
        {app.settings.latent > 2 && '; the other dimensions as the sliders say'}.
      </p>
    </section>
  );
}
