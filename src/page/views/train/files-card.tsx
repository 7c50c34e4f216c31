import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { app } from '../../state/app.js';
import { saveFolder, saveRun, takeFiles } from '../../state/files.js';
import { Card } from '../../ui/card.js';

/** Opens files dropped anywhere on the page, which the browser would show in its place. */
function useDrop(): boolean {
  const over = useSignal(false);
  useEffect(() => {
    const listening = new AbortController();
    const on = (type: 'dragover' | 'dragleave' | 'drop', take: (event: DragEvent) => void): void =>
      addEventListener(type, take, { signal: listening.signal });
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    on('dragover', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      over.value = true;
    });
    on('dragleave', (event) => {
      if (event.relatedTarget === null) over.value = false;
    });
    on('drop', (event) => {
      over.value = false;
      if (!hasFiles(event)) return;
      event.preventDefault();
      void takeFiles([...(event.dataTransfer?.files ?? [])]);
    });
    return () => listening.abort();
  }, [over]);
  return over.value;
}

/** Saving, loading, and the person's own images. */
export function FilesCard() {
  const over = useDrop();
  const id = useId();
  const able = app.status === 'ready' || app.status === 'training';
  return (
    <Card title="Files">
      <div class="row">
        <button type="button" disabled={!able} onClick={() => void saveRun()}>
          Save the run
        </button>
        <button type="button" disabled={!able} onClick={() => void saveFolder()}>
          Download run folder
        </button>
      </div>
      <p class="small soft">
        A saved run (.safetensors) continues bit for bit when it is loaded. The run folder (.zip), unpacked,
        is for the command: <code>pathwise sample</code>, <code>reconstruct</code>,{' '}
        <code>train --resume</code>.
      </p>
      <div class={`drop ${over ? 'over' : ''}`}>
        <label for={id}>Add files, or drop them anywhere</label>
        <input
          id={id}
          type="file"
          multiple
          disabled={!able}
          onChange={({ currentTarget }) => {
            const files = [...(currentTarget.files ?? [])];
            // Lets the same file be chosen again.
            currentTarget.value = '';
            void takeFiles(files);
          }}
        />
        <p class="small soft">
          A saved run, or IDX files of your own images and labels, gzipped or not. Files named t10k or test
          are used for testing; without them every sixth image is. Your files do not leave this page.
        </p>
      </div>
    </Card>
  );
}
