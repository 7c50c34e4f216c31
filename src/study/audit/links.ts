/** The walkthrough of the trick. */
export const WALKTHROUGH = 'docs/reparameterization.md';

/** The sections of the walkthrough that warnings link to, without the #. */
export const ANCHORS = {
  sample: 'why-cant-we-differentiate-a-sample',
  trick: 'move-the-randomness-aside',
  check: 'check-it',
  weights: 'two-forces-on-one-latent-dimension',
  broken: 'break-it',
} as const;

/** Where a warning is explained and shown. */
export interface Link {
  /** File and section of the walkthrough. */
  readonly walkthrough: string;
  /** The page's hash: the view and settings that show it. */
  readonly page: string;
}

export const linkTo = (section: keyof typeof ANCHORS, page: string): Link => ({
  walkthrough: `${WALKTHROUGH}#${ANCHORS[section]}`,
  page,
});
