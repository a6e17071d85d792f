// Counts and sizes in the language of the page.

/** Return a count with its thousands apart. */
export function tellCount(count: number): string {
  return count.toLocaleString(document.documentElement.lang || undefined);
}

/** Return a number of bytes in megabytes. */
export function tellSize(bytes: number): string {
  const digits = { maximumFractionDigits: 1, minimumFractionDigits: 1 };
  return `${(bytes / 1e6).toLocaleString(document.documentElement.lang || undefined, digits)} MB`;
}
