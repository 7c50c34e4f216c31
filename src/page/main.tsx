import { render } from 'preact';
import { App } from './app.js';
import { start } from './state/navigation.js';

const place = document.getElementById('page');
if (place === null) throw new Error('the page has no element #page');
// The engine starts while the window draws itself.
start();
render(<App />, place);
