import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Reading } from './reading.js';

/** The live view: this page in a frame, with an engine and an address of its own. */
export function Dock({ reading }: { readonly reading: Reading }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const isOpen = useSignal(true);
  const { value: address } = reading.address;
  useEffect(() => {
    reading.attach(frame.current);
    return () => reading.attach(null);
  }, [reading]);
  return (
    <aside class={isOpen.value ? 'dock' : 'dock folded'} aria-label="Live view">
      <div class="dock-bar">
        <b>Live</b>
        <span class="told small" role="status">
          {reading.told.value || 'The model of the text.'}
        </span>
        <a class="small" href={address} target="_blank" rel="noopener">
          Open alone
        </a>
        <button
          type="button"
          class="quiet small"
          aria-expanded={isOpen.value}
          onClick={() => {
            isOpen.value = !isOpen.value;
          }}
        >
          {isOpen.value ? 'Fold' : 'Unfold'}
        </button>
      </div>
      <iframe ref={frame} title="Live view" />
    </aside>
  );
}
