// What can be done with a table: find rows, see them on the map, save them.
import { make } from "../dom.ts";
import { text } from "../text.ts";
import { writeCsv } from "./csv.ts";
import type { Item } from "./item.ts";
import { tellCount } from "./numbers.ts";
import type { ResultTable } from "./table.ts";

const FEW = 8; // rows that are seen at once need no filter
const PAUSE = 150; // milliseconds without a key before rows are looked for

/** The row of controls above a table. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly #table: ResultTable;
  readonly #count = make("p", { class: "count", role: "status" });
  readonly #zoom = make("button", { type: "button", class: "second", hidden: true }, text("Zoom to"));
  readonly #clear = make("button", { type: "button", class: "second", hidden: true }, text("Clear selection"));

  /**
   * @param table The table.
   * @param item The result.
   */
  constructor(table: ResultTable, { name, title }: Item) {
    this.#table = table;
    const search = make("input", { type: "search", placeholder: text("Filter rows"), "aria-label": text("Filter rows of {name}", { name: title }) });
    const save = make("button", { type: "button", class: "second", hidden: !table.data.fields.length }, text("Save these rows as CSV"));
    this.element = make("div", { class: "toolbar" }, search, this.#zoom, this.#clear, save, this.#count);
    search.hidden = table.data.rows.length <= FEW;
    let timer: ReturnType<typeof setTimeout> | undefined;
    search.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => table.search(search.value), PAUSE);
    });
    this.#zoom.addEventListener("click", () => table.onOpen());
    this.#clear.addEventListener("click", () => table.clear());
    save.addEventListener("click", () => saveRows(table, name));
    this.show();
  }

  /** Whether rows can be seen on a map. */
  hasMap = false;

  /** Show how many rows there are, and what can be done with those that are selected. */
  show(): void {
    const { order, data, selection } = this.#table;
    const [shown, all, selected] = [order.length, data.rows.length, selection.rows.size];
    const values = { shown: tellCount(shown), all: tellCount(all), selected: tellCount(selected) };
    const whole = all === 1 ? text("1 row") : text("{all} rows", values);
    const rows = shown === all ? whole : text("{shown} of {all} rows", values);
    this.#count.textContent = selected ? `${rows}, ${text("{selected} selected", values)}` : rows;
    this.#zoom.hidden = !selected || !this.hasMap;
    this.#clear.hidden = !selected;
  }
}

function saveRows({ data, order }: ResultTable, name: string): void {
  const csv = writeCsv(data.fields, order.map((row) => data.rows[row]!));
  const url = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
  make("a", { href: url, download: `${name}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
