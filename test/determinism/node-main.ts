import { report } from './training.js';

console.log(JSON.stringify(await report()));
