import { render } from 'preact';
import { App } from './app.js';
import { takeDrops } from './state/drop.js';
import { start } from './state/navigation.js';

const root = document.getElementById('page');
if (root === null) throw new Error('the page has no element #page');
// The engine starts while the window draws itself.
start();
takeDrops();
render(<App />, root);
