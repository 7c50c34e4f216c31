import { effect, signal } from '@preact/signals';
import { app } from './app.js';

/** Milliseconds of a frame above which, and below which again, the page does less. */
const LONG = 50;
const SHORT = 35;
/** The share of the newest frame in the mean. */
const NEWEST = 0.2;
/** A window out of sight has no frames. */
const HIDDEN = 3000;

/** Whether frames take so long that nothing moves by itself and charts follow half as often. */
export const slow = signal(false);

/** Measures frames while the page trains. */
export function watchFrames(): void {
  let mean = 0;
  let last = 0;
  let request = 0;
  const measure = (time: number): void => {
    const took = time - last;
    if (last > 0 && took < HIDDEN) mean += NEWEST * (took - mean);
    last = time;
    slow.value = mean > (slow.value ? SHORT : LONG);
    request = requestAnimationFrame(measure);
  };
  effect(() => {
    cancelAnimationFrame(request);
    last = 0;
    if (app.status === 'training') request = requestAnimationFrame(measure);
  });
}
