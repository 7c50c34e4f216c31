import { text, toggle } from '../../nn/schema/index.js';

/** Flags of every command that draws a picture. @param file its usual name */
export const pictureFlags = (file: string) => ({
  out: text({ default: file, need: 'the path of a file', help: 'the PNG file' }),
  force: toggle({ help: 'replace the file if it exists' }),
});
