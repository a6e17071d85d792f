// The rows of a long table that are in sight; only they are in the page.

/** Height of a row in pixels, which results.css sets too. */
export const ROW = 40;

const MORE = 6; // rows above and below, so that the first pixels of a scroll are there

/** Positions in the order of the table: from `first` up to, not including, `end`. */
export interface Window {
  first: number;
  end: number;
}

/**
 * Return the rows that are in sight, and some more.
 *
 * @param top Pixels that are scrolled away.
 * @param height Pixels of the part that is seen.
 * @param count Number of all rows.
 */
export function findWindow(top: number, height: number, count: number): Window {
  const first = Math.max(0, Math.min(Math.floor(top / ROW) - MORE, count));
  return { first, end: Math.min(count, Math.ceil((top + height) / ROW) + MORE) };
}

/**
 * Return where to scroll, so that a row is in sight; the same place if it is.
 *
 * @param place The place of the row in the order of the table.
 * @param top Pixels that are scrolled away.
 * @param height Pixels for rows.
 */
export function findScroll(place: number, top: number, height: number): number {
  const [above, below] = [place * ROW, (place + 1) * ROW];
  if (above < top) return above;
  return below > top + height ? below - height : top;
}
