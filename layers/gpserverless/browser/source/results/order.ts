// The order of rows, and which of them are shown.
import type { Field, Row, Value } from "./data.ts";
import { isDate, isNumeric, tellValue } from "./fields.ts";

/** The column by which rows are sorted. */
export interface Sorting {
  field: Field;
  descending: boolean;
}

/** Return the sorting after a click on the head of a column: ascending, descending, none. */
export function turnSorting(sorting: Sorting | undefined, field: Field): Sorting | undefined {
  if (sorting?.field !== field) return { field, descending: false };
  return sorting.descending ? undefined : { field, descending: true };
}

/**
 * Return these positions of rows in the order of a column: numbers by size, texts as people sort them.
 *
 * Rows without a value come last in both directions; rows with the same value keep their order.
 */
export function sortRows(positions: readonly number[], rows: readonly Row[], { field, descending }: Sorting): number[] {
  const hasValue = (position: number): boolean => (rows[position]?.[field.name] ?? null) !== null;
  const compare = chooseComparison(field);
  const sign = descending ? -1 : 1;
  const sorted = positions
    .filter(hasValue)
    .sort((one, other) => sign * compare(rows[one]![field.name], rows[other]![field.name]) || one - other);
  return [...sorted, ...positions.filter((each) => !hasValue(each))];
}

function chooseComparison(field: Field): (one: Value, other: Value) => number {
  const texts = new Intl.Collator(undefined, { numeric: true });
  const compareTexts = (one: Value, other: Value) => texts.compare(tellValue(one, field), tellValue(other, field));
  if (!isNumeric(field) && !isDate(field)) return compareTexts;
  return (one, other) => (typeof one === "number" && typeof other === "number" ? one - other : compareTexts(one, other));
}

/** Finds rows by the words in them. */
export class RowSearch {
  readonly #rows: readonly Row[];
  readonly #fields: readonly Field[];
  #texts: string[] | undefined;

  constructor(rows: readonly Row[], fields: readonly Field[]) {
    this.#rows = rows;
    this.#fields = fields;
  }

  /** Return the positions of the rows that have every word, in any of their values and letter cases. */
  find(words: string): number[] {
    const all = fold(words).split(/\s+/).filter(Boolean);
    const positions = [...this.#rows.keys()];
    if (!all.length) return positions;
    this.#texts ??= this.#rows.map((row) => this.#tellRow(row));
    return positions.filter((position) => all.every((word) => this.#texts![position]!.includes(word)));
  }

  #tellRow(row: Row): string {
    return fold(this.#fields.map((field) => tellValue(row[field.name], field)).join("\n"));
  }
}

function fold(text: string): string {
  return text.toLowerCase();
}
