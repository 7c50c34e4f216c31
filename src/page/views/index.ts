import type { ComponentType } from 'preact';
import type { ViewName } from '../state/address.js';

/** A view: the title of its tab, and its code, loaded when it is first shown. */
export interface ViewEntry {
  readonly title: string;
  load(): Promise<ComponentType>;
}

/** The views by name. */
export const views: Readonly<Record<ViewName, ViewEntry>> = {
  train: { title: 'Train', load: async () => (await import('./train/train-view.js')).TrainView },
  step: { title: 'Step through', load: async () => (await import('./step/step-view.js')).StepView },
  check: { title: 'Check', load: async () => (await import('./check/check-view.js')).CheckView },
  estimators: {
    title: 'Compare estimators',
    load: async () => (await import('./estimators/estimators-view.js')).EstimatorsView,
  },
  break: { title: 'Break it', load: async () => (await import('./break/break-view.js')).BreakView },
};
