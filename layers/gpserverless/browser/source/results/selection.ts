// The rows that are selected.

/** How a click changes a selection: to this row alone, adding or removing it, or all up to it. */
export type Way = "only" | "toggle" | "range";

/** Return the way of a click or a key. */
export function wayOf(event: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }): Way {
  if (event.shiftKey) return "range";
  return event.ctrlKey || event.metaKey ? "toggle" : "only";
}

/** Selected rows by their position, and the row from which a range starts. */
export class Selection {
  readonly rows: ReadonlySet<number>;
  readonly anchor: number | undefined;

  constructor(rows: Iterable<number> = [], anchor?: number) {
    this.rows = new Set(rows);
    this.anchor = anchor;
  }

  /**
   * Return the selection after a row was chosen.
   *
   * @param row The position of the row.
   * @param way How it was chosen.
   * @param order The positions of the rows as they are shown.
   */
  choose(row: number, way: Way, order: readonly number[]): Selection {
    if (way === "range" && this.anchor !== undefined) return this.#extend(row, order);
    if (way !== "toggle") return new Selection([row], row);
    const others = [...this.rows].filter((each) => each !== row);
    return new Selection(this.rows.has(row) ? others : [...others, row], row);
  }

  #extend(row: number, order: readonly number[]): Selection {
    const places = [order.indexOf(this.anchor!), order.indexOf(row)];
    if (places.includes(-1)) return new Selection([row], row);
    const [first, last] = [Math.min(...places), Math.max(...places)];
    return new Selection(order.slice(first, last + 1), this.anchor);
  }
}
