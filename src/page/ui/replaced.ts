import { type ComponentChild, options, type VNode } from 'preact';

/** What Preact keeps in a node, under the names that its own packages use too. */
interface Internals {
  __c?: { __v?: VNode & Internals } | null;
  __k?: readonly ComponentChild[] | null;
}

interface Hooks {
  __b?: (vnode: VNode & Internals) => void;
  diffed?: (vnode: VNode & Internals) => void;
}

/**
 * Lets go of what a component showed before it rendered itself anew. The element that its parent made stays in the parent's
 * props, and with it Preact would keep the first tree, which leads to the next, and so to all of them: 6 MB a minute of training.
 */
export function releaseReplaced(): void {
  const hooks: Hooks = options;
  const { __b: before, diffed: after } = hooks;
  const replaced = new WeakMap<VNode, VNode & Internals>();
  hooks.__b = (vnode) => {
    const old = vnode.__c?.__v;
    if (old !== undefined && old !== vnode) replaced.set(vnode, old);
    before?.(vnode);
  };
  hooks.diffed = (vnode) => {
    after?.(vnode);
    const old = replaced.get(vnode);
    if (old !== undefined) old.__k = null;
  };
}
