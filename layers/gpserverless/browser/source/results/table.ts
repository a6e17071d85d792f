// A table that sorts, finds and selects; only the rows in sight are in the page.
import { make } from "../dom.ts";
import type { Field, ResultData } from "./data.ts";
import { RowSearch, sortRows, turnSorting, type Sorting } from "./order.ts";
import { moveBy } from "./keys.ts";
import { Selection, wayOf, type Way } from "./selection.ts";
import { drawColumns, TableHead } from "./table_head.ts";
import { TableRows } from "./table_rows.ts";
import { findScroll, ROW } from "./window.ts";

let tables = 0;

/** A table of the rows of one result. */
export class ResultTable {
  readonly element: HTMLElement;
  readonly data: ResultData;
  selection = new Selection();

  /** Is called when rows were selected here, or their number has changed. */
  onChange: () => void = () => undefined;

  /** Is called when a row was chosen to be seen on the map. */
  onOpen: () => void = () => undefined;

  readonly #table: HTMLTableElement;
  readonly #head: TableHead;
  readonly #rows: TableRows;
  readonly #search: RowSearch;
  #sorting: Sorting | undefined;
  #words = "";
  #order: readonly number[];
  #active: number | undefined;

  /**
   * @param data The rows.
   * @param name Name of the table for those who do not see it.
   */
  constructor(data: ResultData, name: string) {
    this.data = data;
    this.#order = [...data.rows.keys()];
    this.#search = new RowSearch(data.rows, data.fields);
    this.#head = new TableHead(data.fields, (field) => this.#sort(field));
    const body = make("tbody");
    this.#rows = new TableRows(body, `rows-${tables++}`);
    const attributes = { role: "grid", tabindex: 0, "aria-label": name, "aria-multiselectable": "true" };
    this.#table = make("table", attributes, drawColumns(data), this.#head.element, body);
    this.element = make("div", { class: "result-grid", hidden: !data.fields.length }, this.#table);
    this.#listen(body);
  }

  /** The positions of the rows that are shown, in their order. */
  get order(): readonly number[] {
    return this.#order;
  }

  /** Show the rows with these words only. */
  search(words: string): void {
    this.#words = words;
    this.#arrange();
  }

  /** Draw the rows in sight; needed once when the table is in the page. */
  draw(): void {
    const { data, selection } = this;
    this.#rows.draw(
      { data, order: this.#order, selected: selection.rows, active: this.#active },
      this.element.scrollTop,
      this.element.clientHeight,
    );
    this.#table.setAttribute("aria-rowcount", String(this.#order.length + 1));
    const active = this.#active === undefined ? null : document.getElementById(this.#rows.idOf(this.#active));
    if (active) this.#table.setAttribute("aria-activedescendant", active.id);
    else this.#table.removeAttribute("aria-activedescendant");
  }

  /** Choose a row by its position, and bring it into sight. */
  choose(row: number, way: Way = "only"): void {
    this.selection = this.selection.choose(row, way, this.#order);
    this.#active = row;
    this.#reveal(row);
    this.#tell();
  }

  /** Select nothing. */
  clear(): void {
    this.selection = new Selection();
    this.#tell();
  }

  #listen(body: HTMLElement): void {
    this.element.addEventListener("scroll", () => requestAnimationFrame(() => this.draw()), { passive: true });
    new ResizeObserver(() => this.draw()).observe(this.element);
    body.addEventListener("click", (event) => {
      const row = rowOf(event);
      if (row !== undefined) this.choose(row, wayOf(event));
    });
    body.addEventListener("dblclick", () => this.onOpen());
    body.addEventListener("mousedown", (event) => {
      if (event.shiftKey) event.preventDefault(); // a range of rows, not of text
    });
    this.#table.addEventListener("keydown", (event) => {
      if (event.target === this.#table) this.#press(event);
    });
  }

  #press(event: KeyboardEvent): void {
    const at = this.#active === undefined ? -1 : this.#order.indexOf(this.#active);
    const place = moveBy(event.key, at, this.#order.length, Math.floor(this.#height / ROW));
    if (event.key === "Enter" && this.selection.rows.size) this.onOpen();
    else if (event.key === " " && at >= 0) this.choose(this.#order[at]!, "toggle");
    else if (event.key === "Escape" && this.selection.rows.size) this.clear();
    else if (place !== undefined) this.#move(place, event);
    else return;
    event.preventDefault();
  }

  #move(place: number, event: KeyboardEvent): void {
    const row = this.#order[place];
    if (row === undefined) return;
    if (event.shiftKey) return this.choose(row, "range");
    if (!event.ctrlKey && !event.metaKey) return this.choose(row);
    this.#active = row;
    this.#reveal(row);
    this.draw();
  }

  #sort(field: Field): void {
    this.#sorting = turnSorting(this.#sorting, field);
    this.#head.show(this.#sorting);
    this.#arrange();
  }

  #arrange(): void {
    const found = this.#search.find(this.#words);
    this.#order = this.#sorting ? sortRows(found, this.data.rows, this.#sorting) : found;
    this.element.scrollTop = 0;
    this.#tell();
  }

  #tell(): void {
    this.draw();
    this.onChange();
  }

  #reveal(row: number): void {
    const place = this.#order.indexOf(row);
    if (place >= 0) this.element.scrollTop = findScroll(place, this.element.scrollTop, this.#height);
  }

  get #height(): number {
    return this.element.clientHeight - this.#head.element.offsetHeight;
  }
}

function rowOf({ target }: Event): number | undefined {
  const row = (target as Element).closest<HTMLElement>("tr[data-row]")?.dataset["row"];
  return row === undefined ? undefined : Number(row);
}
