import type { ComponentType } from 'preact';
import type { ViewName } from '../state/address.js';
import { TrainView } from './train/train-view.js';

/** The views with the words of their tabs. */
export const views: Partial<Record<ViewName, { readonly title: string; readonly View: ComponentType }>> = {
  train: { title: 'Train', View: TrainView },
};
