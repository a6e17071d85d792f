// The head of a table: names of columns that sort by them.
import { make } from "../dom.ts";
import type { Field, ResultData } from "./data.ts";
import { isNumeric, nameField, tellValue } from "./fields.ts";
import type { Sorting } from "./order.ts";

const SAMPLE = 200; // rows that say how wide a column is
const NARROWEST = 7; // in widths of a digit
const WIDEST = 36;
const ARROW = 5; // room for the arrow and the space around a text

/** The head of a table. */
export class TableHead {
  readonly element: HTMLTableSectionElement;
  readonly #cells: Map<Field, HTMLTableCellElement>;

  /**
   * @param fields The columns.
   * @param sort Is called with a column that was clicked.
   */
  constructor(fields: readonly Field[], sort: (field: Field) => void) {
    this.#cells = new Map(fields.map((field) => [field, drawCell(field, sort)]));
    this.element = make("thead", {}, make("tr", { "aria-rowindex": 1 }, ...this.#cells.values()));
    this.show(undefined);
  }

  /** Show by which column the rows are sorted. */
  show(sorting: Sorting | undefined): void {
    for (const [field, cell] of this.#cells) {
      const direction = sorting?.descending ? "descending" : "ascending";
      cell.setAttribute("aria-sort", sorting?.field === field ? direction : "none");
    }
  }
}

function drawCell(field: Field, sort: (field: Field) => void): HTMLTableCellElement {
  const button = make("button", { type: "button", title: field.name }, nameField(field));
  button.addEventListener("click", () => sort(field));
  return make("th", { scope: "col", class: isNumeric(field) ? "number" : "" }, button);
}

/** Return columns of fixed widths, so that they stay when other rows come into sight. */
export function drawColumns({ fields, rows }: ResultData): HTMLTableColElement {
  const sample = rows.slice(0, SAMPLE);
  const columns = fields.map((field) => {
    const lengths = sample.map((row) => tellValue(row[field.name], field).length);
    const longest = Math.max(NARROWEST, nameField(field).length, ...lengths);
    const column = make("col");
    column.style.width = `${Math.min(longest, WIDEST) + ARROW}ch`;
    return column;
  });
  return make("colgroup", {}, ...columns) as HTMLTableColElement;
}
