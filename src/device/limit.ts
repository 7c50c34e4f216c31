/** What a device is refused, and what that comes to. */
export const limit = (what: string, why: string): string =>
  `${what}, since ${why}. The numbers are the same, only slower.`;
