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

/** Return a value of a raster with seven digits that count. */
export function tellNumber(value: number): string {
  const size = Math.abs(value);
  const isFar = size !== 0 && (size < 1e-4 || size >= 1e15);
  const options = { maximumSignificantDigits: 7, notation: isFar ? "scientific" : "standard" } as const;
  return value.toLocaleString(document.documentElement.lang || undefined, options);
}
