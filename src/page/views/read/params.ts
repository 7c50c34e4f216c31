import { text } from '../../../nn/schema/index.js';
import { viewParams } from '../../state/params.js';

/** What is read, kept in the address. */
export const params = viewParams({
  text: text({ default: 'reparameterization', need: 'a text', help: 'the text' }),
  section: text({ default: 'start', need: 'a section', help: 'the section at the top' }),
});
