import type { ComponentType } from 'preact';
import type { ViewName } from '../state/address.js';
// Nearly always the first: in one file with the page it is smaller, and there at once.
import { TrainView } from './train/train-view.js';

/** A view: the title of its tab, and its code, loaded when it is first shown. */
export interface ViewEntry {
  readonly title: string;
  /** The parameter of the address that says what is shown in it, for the title of the window. */
  readonly subject: string;
  load(): Promise<ComponentType>;
}

/** The views by name. */
export const views: Readonly<Record<ViewName, ViewEntry>> = {
  train: {
    subject: 'experiment',
    title: 'Train',
    load: async () => TrainView,
  },
  step: {
    subject: 'node',
    title: 'Step through',
    load: async () => (await import('./step/step-view.js')).StepView,
  },
  check: {
    subject: 'target',
    title: 'Check',
    load: async () => (await import('./check/check-view.js')).CheckView,
  },
  estimators: {
    title: 'Compare estimators',
    subject: 'group',
    load: async () => (await import('./estimators/estimators-view.js')).EstimatorsView,
  },
  break: {
    subject: 'mutation',
    title: 'Break it',
    load: async () => (await import('./break/break-view.js')).BreakView,
  },
  read: {
    subject: 'section',
    title: 'Read',
    load: async () => (await import('./read/read-view.js')).ReadView,
  },
};
