/** In the place of all parts where a checkpoint is read: those that it names have been loaded by then, see `loadParts`. */
export const registerBuiltInParts = (): number => 0;
