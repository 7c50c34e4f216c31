import { app, type Notice } from './app.js';

const MAX_NOTICES = 4;
let lastId = 0;

/** Shows a message until it is dismissed; a repeated one replaces the earlier. */
export function notify(text: string, kind: Notice['kind'] = 'problem'): void {
  const others = app.notices.filter((notice) => notice.text !== text);
  app.notices = [...others.slice(1 - MAX_NOTICES), { id: ++lastId, text, kind }];
}

export function dismiss(id: number): void {
  app.notices = app.notices.filter((notice) => notice.id !== id);
}
