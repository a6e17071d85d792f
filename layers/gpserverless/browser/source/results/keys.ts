// The keys that move through a table.

/**
 * Return the place to which a key moves; undefined if it does not move.
 *
 * @param key The name of the key.
 * @param place The place of the active row, -1 for none.
 * @param count The number of rows.
 * @param page Rows of a page.
 */
export function moveBy(key: string, place: number, count: number, page: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  if (step === undefined || count === 0) return undefined;
  return Math.max(0, Math.min(count - 1, Math.max(place, step < 0 ? 0 : -1) + step));
}
