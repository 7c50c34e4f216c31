/** Whether a key is held that asks the browser for something else, such as another tab. */
export const hasModifier = (event: MouseEvent | KeyboardEvent): boolean =>
  event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
