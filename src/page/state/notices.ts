import { clip } from '../../tensor/describe.js';
import { app, type Notice } from './app.js';

const MAX_NOTICES = 4;
let lastId = 0;

/** What is quoted is clipped where the message is made; this is for what comes from elsewhere, such as the browser. */
const MAX_LENGTH = 600;

/** Shows a message until it is dismissed; a repeated one replaces the earlier. */
export function notify(message: string, kind: Notice['kind'] = 'problem'): void {
  const text = clip(message, MAX_LENGTH);
  const others = app.notices.filter((notice) => notice.text !== text);
  app.notices = [...others.slice(1 - MAX_NOTICES), { id: ++lastId, text, kind }];
}

export function dismiss(id: number): void {
  app.notices = app.notices.filter((notice) => notice.id !== id);
}
