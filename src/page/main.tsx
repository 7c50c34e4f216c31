import { render } from 'preact';
import { App } from './app.js';
import { loadFiles, takeDrops } from './state/drop.js';
import { watchFrames } from './state/frames.js';
import { start } from './state/navigation.js';
import { releaseReplaced } from './ui/replaced.js';
import { views } from './views/index.js';

const root = document.getElementById('page');
if (root === null) throw new Error('the page has no element #page');
// The engine starts while the window draws itself.
start();
takeDrops();
watchFrames();
releaseReplaced();
render(<App />, root);

/** Milliseconds after which views are fetched that have not been shown: then going offline breaks nothing. */
const LATER = 4000;
setTimeout(() => {
  for (const load of [loadFiles, ...Object.values(views).map((view) => view.load)])
    load().catch(() => undefined);
}, LATER);
