// What a form waits for before it is sent: uploads.

const waiting = new WeakMap<HTMLFormElement, Set<Promise<unknown>>>();

/** Let a form wait until a promise is settled. */
export function waitFor(form: HTMLFormElement | null, promise: Promise<unknown>): void {
  if (!form) return;
  const set = waiting.get(form) ?? new Set();
  waiting.set(form, set.add(promise));
  const forget = () => void set.delete(promise);
  promise.then(forget, forget);
}

/** Return whether a form waits. */
export function isWaiting(form: HTMLFormElement): boolean {
  return Boolean(waiting.get(form)?.size);
}

/** Wait until nothing is left to wait for. */
export async function settle(form: HTMLFormElement): Promise<void> {
  while (isWaiting(form)) await Promise.allSettled(waiting.get(form)!);
}
