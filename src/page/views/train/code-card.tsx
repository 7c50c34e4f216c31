import { formatNats } from '../../../tensor/format.js';
import { app } from '../../state/app.js';
import { useAsk } from '../../state/ask.js';
import { Card, useCard } from '../../ui/card.js';
import { Tiles } from '../../ui/tiles.js';
import { nameOf } from './code.js';
import { chooseCode, chosenCode, params } from './params.js';

/** Sliders shown before the rest is unfolded. */
const FIRST = 10;

function Slider({ axis }: { readonly axis: number }) {
  const nats = app.lastEpoch?.test?.klPerDimension[axis];
  const code = chosenCode();
  return (
    <label class="slider">
      <span>{nameOf(axis)}</span>
      <input
        type="range"
        min="-4"
        max="4"
        step="0.05"
        value={code[axis]}
        onInput={({ currentTarget }) => chooseCode(code.with(axis, Number(currentTarget.value)))}
      />
      <output>{code[axis].toFixed(2)}</output>
      <small class="soft" title="KL of this dimension on the test set, after the last whole epoch">
        {nats === undefined ? '' : `${formatNats(nats)} nats`}
      </small>
    </label>
  );
}

/** A code set by hand, and its image. */
export function CodeCard() {
  const { root, visible } = useCard();
  const z = chosenCode();
  const { value, problem } = useAsk('trainDecode', visible ? { z } : null, { between: 350 });
  const sliders = z.map((_, axis) => <Slider key={nameOf(axis)} axis={axis} />);
  return (
    <Card
      root={root}
      title="z by hand"
      actions={
        <button
          type="button"
          class="quiet"
          disabled={z.every((x) => x === 0)}
          onClick={() => params.set({ z: null })}
        >
          Back to 0
        </button>
      }
      problem={problem}
      note="E[x | z], with the KL of each dimension on the test set: a dimension without any is inactive, and its slider changes nothing."
    >
      <div class="by-hand">
        <Tiles pixels={value} across={1} {...app.image} label="E[x | z] for the z of the sliders" />
        <div class="sliders">
          {sliders.slice(0, FIRST)}
          {z.length > FIRST && (
            <details>
              <summary>The other {z.length - FIRST}</summary>
              {sliders.slice(FIRST)}
            </details>
          )}
        </div>
      </div>
    </Card>
  );
}
