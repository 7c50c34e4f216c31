/** The texts of `docs`, put into the page by `docs/read/plugin.ts`: a function that loads each, by its name. */
declare module 'virtual:documents' {
  export const list: Readonly<
    Record<string, () => Promise<{ readonly document: import('./shared/document.js').LiveDocument }>>
  >;
}

declare module 'virtual:programs' {
  export const list: Readonly<
    Record<string, () => Promise<{ readonly parts: readonly import('./shared/document.js').ProgramPart[] }>>
  >;
}
