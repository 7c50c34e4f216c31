import { useId } from 'preact/hooks';
import { type PresetName, presetNames } from '../../../vae/config.js';
import { type NumberRule, ofPreset, RULES, type Settings } from '../../shared/settings.js';
import { app } from '../../state/app.js';
import { startOver } from '../../state/training.js';
import { NumberField } from '../../ui/number-field.js';

const PRESET_WORDS: Record<PresetName, string> = {
  latent2: 'latent2: 784-512-256-2',
  latent20: 'latent20: 784-400-20',
  latent128: 'latent128: 784-512-128',
};

const change = (part: Partial<Settings>): void => void startOver({ ...app.settings, ...part });

const rule =
  ({ fits, need }: NumberRule) =>
  (value: number): string | null =>
    fits(value) ? null : `Needs ${need}.`;

function Choice<T extends string>({
  label,
  value,
  options,
  onChoose,
}: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  onChoose(value: T): void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={({ currentTarget }) => {
          const chosen = options.find(([name]) => name === currentTarget.value);
          if (chosen !== undefined) onChoose(chosen[0]);
        }}
      >
        {options.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Everything that decides the numbers. */
export function SettingsCard() {
  const now = app.settings;
  return (
    <section class="card settings" aria-labelledby="settings-title">
      <h3 id="settings-title">Settings</h3>
      <p class="small soft">
        Any change starts the training over from step 0. Same settings, same numbers, bit for bit.
      </p>
      <div class="fields">
        <Choice
          label="Architecture"
          value={now.preset}
          options={presetNames.map((name) => [name, PRESET_WORDS[name]])}
          onChoose={(preset) => change(ofPreset(preset))}
        />
        <Choice
          label="Likelihood of a pixel"
          value={now.likelihood}
          options={[
            ['gaussian', 'Gaussian: squared error'],
            ['bernoulli', 'Bernoulli: cross-entropy'],
          ]}
          onChoose={(likelihood) => change({ likelihood })}
        />
        <NumberField
          label="Dimensions of z"
          value={now.latent}
          check={rule(RULES.latent)}
          onCommit={(latent) => change({ latent })}
        />
        <NumberField
          label="β, weight of the KL"
          value={now.beta}
          check={rule(RULES.beta)}
          onCommit={(beta) => change({ beta })}
        />
        <NumberField
          label="Learning rate of Adam"
          value={now.learningRate}
          check={rule(RULES.learningRate)}
          onCommit={(learningRate) => change({ learningRate })}
        />
        <NumberField
          label="Seed"
          value={now.seed}
          check={rule(RULES.seed)}
          onCommit={(seed) => change({ seed })}
        />
        <NumberField
          label="Images to train on"
          value={now.count}
          check={rule(RULES.count)}
          onCommit={(count) => change({ count })}
        />
        {app.ownFiles.length > 0 && (
          <Choice
            label="Images"
            value={now.data}
            options={[
              ['glyphs', 'drawn digits'],
              ['own', 'your files'],
            ]}
            onChoose={(data) => change({ data })}
          />
        )}
      </div>
    </section>
  );
}
