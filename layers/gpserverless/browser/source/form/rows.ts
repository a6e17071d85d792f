// Rows to add and remove: of lists of values, and of value tables.
import { announce } from "../announce.ts";
import { find, findAll } from "../dom.ts";
import { text } from "../text.ts";
import { type Control, controlsOf, fieldOf } from "./field.ts";
import { isBlank, nextNumber, numberName } from "./row_names.ts";

const FOCUSABLE = "input, select, textarea";

/** Let the rows of a form be added and removed; `enhance` is called with each that is added. */
export function enhanceRows(root: ParentNode, enhance: (row: HTMLElement) => void): void {
  for (const rows of findAll("[data-rows]", root)) new Rows(rows, enhance);
}

class Rows {
  readonly #rows: HTMLElement;
  readonly #add: HTMLButtonElement | null;
  readonly #template: HTMLTemplateElement | null;
  readonly #enhance: (row: HTMLElement) => void;
  #next: number;

  constructor(rows: HTMLElement, enhance: (row: HTMLElement) => void) {
    this.#rows = rows;
    this.#enhance = enhance;
    const around = rows.closest("[data-field]") ?? rows;
    this.#add = find("[data-add-row]", rows) ?? find("[data-add-row]", around);
    this.#template = (find("template[data-row-template]", rows) ?? find("template[data-row-template]", around)) as HTMLTemplateElement | null;
    const names = controlsOf(rows).map(({ name }) => name);
    this.#next = Math.max(nextNumber(names, fieldOf(rows)?.dataset["field"] ?? ""), this.#all().length + 1);
    if (!this.#add || !this.#template) return;
    this.#removeSpare();
    this.#all().forEach((row) => this.#watch(row));
    this.#add.hidden = false;
    this.#add.addEventListener("click", () => this.#addRow());
  }

  #all(): HTMLElement[] {
    return findAll("[data-row]", this.#rows);
  }

  /** Without a script there are blank rows to fill in; with one, the last of them are one click away. */
  #removeSpare(): void {
    const spare = this.#all().reverse();
    const used = spare.findIndex((row) => !controlsOf(row).every((control) => isBlank(control)));
    for (const row of spare.slice(0, used < 0 ? spare.length - 1 : used)) row.remove();
  }

  #addRow(): void {
    const fragment = this.#template!.content.cloneNode(true) as DocumentFragment;
    const number = this.#next++;
    for (const element of findAll("*", fragment)) numberElement(element, number);
    const row = find("[data-row]", fragment)!;
    const last = this.#all().at(-1);
    if (last) last.after(fragment);
    else this.#rows.prepend(fragment);
    this.#watch(row);
    this.#enhance(row);
    find(FOCUSABLE, row)?.focus();
    announce(text("A row was added."));
  }

  #watch(row: HTMLElement): void {
    const button = find<HTMLButtonElement>("[data-remove-row]", row);
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => this.#remove(row));
  }

  #remove(row: HTMLElement): void {
    const rows = this.#all();
    const index = rows.indexOf(row);
    const near = rows[index + 1] ?? rows[index - 1];
    row.remove();
    const next = near && find("[data-remove-row]", near);
    (next ?? this.#add)?.focus();
    this.#rows.dispatchEvent(new Event("change", { bubbles: true }));
    announce(text("The row was removed."));
  }
}

/** Give an element of a new row names and ids that no other row has. */
function numberElement(element: HTMLElement, number: number): void {
  const control = element as Control;
  if (control.name) control.name = numberName(control.name, number);
  for (const name of ["id", "for", "aria-labelledby", "aria-describedby", "list", "aria-label"]) {
    const value = element.getAttribute(name);
    if (value) element.setAttribute(name, numberName(value, number));
  }
}
