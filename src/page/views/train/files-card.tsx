import { useId } from 'preact/hooks';
import { app } from '../../state/app.js';
import { saveFolder, saveRun, takeFiles } from '../../state/files.js';
import { Card } from '../../ui/card.js';

/** Saving, loading, and the person's own images. */
export function FilesCard() {
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
        A saved run (.safetensors) continues bit for bit when it is loaded. The run folder (.zip) can be
        loaded too; unpacked, it is for the command: <code>pathwise sample</code>, <code>reconstruct</code>,{' '}
        <code>train --resume</code>.
      </p>
      <div class={`drop ${app.dropping ? 'over' : ''}`}>
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
          A saved run, a run folder, or IDX files of your own images and labels, gzipped or not. Files named
          t10k or test are used for testing; without them every sixth image is. Your files do not leave this
          page.
        </p>
      </div>
    </Card>
  );
}
