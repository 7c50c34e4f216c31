/** What went wrong, if something did. */
export function Problem({ text }: { readonly text: string | null }) {
  return text === null ? null : (
    <p class="notice problem" role="alert">
      {text}
    </p>
  );
}
