import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

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
