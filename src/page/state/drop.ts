import { app } from './app.js';

/** The code that reads files. */
export const loadFiles = () => import('./files.js');

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') === true;

/** Takes files that are dropped anywhere in the window, which the browser would open in the place of the page. */
export function takeDrops(): void {
  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    app.dropping = true;
  });
  addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) app.dropping = false;
  });
  addEventListener('drop', (event) => {
    app.dropping = false;
    if (!hasFiles(event)) return;
    event.preventDefault();
    // They are gone once the event is over; the code that takes them need not be here before it.
    const files = [...(event.dataTransfer?.files ?? [])];
    void loadFiles().then(({ takeFiles }) => takeFiles(files));
  });
}
