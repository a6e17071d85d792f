// The time between two questions about a job.

/** Milliseconds before the first question, and after a change that a person has asked for. */
export const FIRST = 500;

const LONGEST = 5000;
const GROWTH = 1.5;

/** Return the milliseconds to wait after those that have been waited. */
export function growDelay(delay: number): number {
  return Math.min(delay * GROWTH, LONGEST);
}
