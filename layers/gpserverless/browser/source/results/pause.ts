// Long work in turns, so that the page reacts in between.

const TURN = 30; // milliseconds of work before the page may react

/** Return a function to be called again and again in long work; it lets the page react when it is time. */
export function makePause(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < TURN) return;
    await new Promise((resolve) => setTimeout(resolve));
    last = performance.now();
  };
}
