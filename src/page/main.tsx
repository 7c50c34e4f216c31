import { render } from 'preact';
import { App } from './app.js';
import { start } from './state/app.js';

const place = document.getElementById('page');
if (place === null) throw new Error('the page has no element #page');
render(<App />, place);
start();
