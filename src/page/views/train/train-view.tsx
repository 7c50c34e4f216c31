import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { Problems } from '../../ui/card.js';
import { params } from './params.js';
import { Strip } from './strip.js';

/** Training, and what the model has learned: the strip at once, the rest when its code has loaded. */
export function TrainView() {
  const rest = useSignal<{ readonly Details: ComponentType } | null>(null);
  useEffect(() => {
    void import('./details.js').then(({ Details }) => {
      rest.value = { Details };
    });
  }, [rest]);
  const { Details } = rest.value ?? {};
  return (
    <div class="stack train-view">
      <Problems texts={params.problems} />
      <Strip />
      {Details && <Details />}
    </div>
  );
}
