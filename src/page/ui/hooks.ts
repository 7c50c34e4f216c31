import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { theme } from './theme.js';

/** A canvas that is drawn again when an input or the theme changes. */
export function useCanvas(
  draw: (context: CanvasRenderingContext2D) => void,
  inputs: readonly unknown[],
): RefObject<HTMLCanvasElement | null> {
  const root = useRef<HTMLCanvasElement>(null);
  const shade = theme.value;
  useEffect(() => {
    const context = root.current?.getContext('2d');
    if (context) draw(context);
  }, [...inputs, shade]);
  return root;
}

/** Calls `onSize` with the width of an element in CSS pixels, at once and whenever it changes. */
export function useWidth(root: RefObject<HTMLElement | null>, onWidth: (width: number) => void): void {
  const newest = useRef(onWidth);
  newest.current = onWidth;
  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => newest.current(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [root]);
}

/** Whether an element is in the window or close to it, so that what is out of sight need not be computed. */
export function useVisible(root: RefObject<Element | null>): boolean {
  const visible = useSignal(false);
  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        visible.value = entry.isIntersecting;
      },
      { rootMargin: '100px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [root, visible]);
  return visible.value;
}
