// The rows of a table that are in sight.
import { make } from "../dom.ts";
import { text } from "../text.ts";
import type { Field, ResultData, Value } from "./data.ts";
import { isNumeric, tellValue } from "./fields.ts";
import { findWindow, ROW } from "./window.ts";

/** What the rows show. */
export interface Shown {
  data: ResultData;
  /** Positions of the rows, in the order of the table. */
  order: readonly number[];
  selected: ReadonlySet<number>;
  /** Position of the row that keys move, if there is one. */
  active: number | undefined;
}

/** Draws as many rows of a table as are in sight; empty space stands for the others. */
export class TableRows {
  readonly #body: HTMLTableSectionElement;
  readonly #id: string;

  /**
   * @param body The body of the table.
   * @param id Start of the ids of rows.
   */
  constructor(body: HTMLTableSectionElement, id: string) {
    this.#body = body;
    this.#id = id;
  }

  /** Return the id of a row in sight. */
  idOf(row: number): string {
    return `${this.#id}-${row}`;
  }

  /** Draw the rows in sight. */
  draw(shown: Shown, top: number, height: number): void {
    const { first, end } = findWindow(top, height, shown.order.length);
    const rows = shown.order.slice(first, end).map((row, place) => this.#drawRow(shown, row, first + place));
    const columns = shown.data.fields.length;
    this.#body.replaceChildren(drawSpace(first, columns), ...rows, drawSpace(shown.order.length - end, columns));
  }

  #drawRow({ data, selected, active }: Shown, row: number, place: number): HTMLTableRowElement {
    const cells = data.fields.map((field) => drawCell(data.rows[row]?.[field.name], field));
    return make(
      "tr",
      {
        id: this.idOf(row),
        "data-row": row,
        "aria-rowindex": place + 2, // the head is the first
        "aria-selected": String(selected.has(row)),
        class: row === active ? "active" : "",
      },
      ...cells,
    );
  }
}

function drawCell(value: Value, field: Field): HTMLTableCellElement {
  const kind = isNumeric(field) ? "number" : "";
  if (value === null || value === undefined) return make("td", { class: `${kind} nothing` }, text("none"));
  const told = tellValue(value, field);
  return make("td", { class: kind, title: told }, told);
}

function drawSpace(rows: number, columns: number): HTMLTableRowElement {
  const space = make("tr", { role: "presentation", "aria-hidden": "true", hidden: rows <= 0 }, make("td", { colspan: columns || 1, class: "space" }));
  (space.firstElementChild as HTMLElement).style.height = `${rows * ROW}px`;
  return space;
}
