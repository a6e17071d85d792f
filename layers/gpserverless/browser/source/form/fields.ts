// Fields of the features of another parameter: offered in a list, and as buttons beside a condition.
import { find, findAll, make } from "../dom.ts";
import { text } from "../text.ts";
import type { FieldOfText } from "./data/types.ts";
import { controlOf, setValue } from "./field.ts";
import { watchFields } from "./feature_area.ts";

const MOST = 40; // buttons
const OPERATORS = ["=", "<>", ">", ">=", "<", "<=", "AND", "OR", "NOT", "LIKE", "IN ( )", "BETWEEN", "IS NULL"];

/** Offer the fields of the features that a parameter depends on. */
export function enhanceFields(root: ParentNode): void {
  for (const input of findAll<HTMLInputElement>("input[data-field-name]", root)) {
    watchFields(input, (fields) => offer(input, fields));
  }
}

/** Put buttons for fields and operators below every condition. */
export function enhanceConditions(form: HTMLFormElement): void {
  for (const field of findAll('[data-field][data-type="GPSQLExpression"]', form)) {
    const area = controlOf<HTMLTextAreaElement>(field);
    if (area) addButtons(field, area);
  }
}

/** Fill the list of an input; one that the page has no list for gets it. */
function offer(input: HTMLInputElement, fields: FieldOfText[]): void {
  const id = input.getAttribute("list") || `${input.id}-list`;
  const list = document.getElementById(id) ?? make("datalist", { id });
  if (!list.isConnected) input.after(list);
  input.setAttribute("list", id);
  const types = input.dataset["fieldTypes"]?.split(/[\s,]+/).filter(Boolean) ?? [];
  const fitting = fields.filter(({ type }) => !types.length || !type || types.includes(type));
  list.replaceChildren(...fitting.map(({ name, type }) => make("option", { value: name }, nameType(type))));
}

/** "esriFieldTypeDouble" as "Double". */
function nameType(type: string): string {
  return type.replace(/^esriFieldType/, "");
}

type Area = HTMLTextAreaElement | HTMLInputElement;

function addButtons(field: HTMLElement, area: Area): void {
  const fields = find("[data-chips]", field) ?? make("div", { "data-chips": "" });
  const operators = make("div", { class: "chips", role: "group", "aria-label": text("Operators") });
  fields.className = "chips";
  fields.setAttribute("role", "group");
  fields.setAttribute("aria-label", text("Fields"));
  area.after(fields, operators);
  operators.append(...OPERATORS.map((word) => makeChip(word, area)));
  watchFields(area, (found) => {
    fields.hidden = !found.length;
    fields.replaceChildren(...found.slice(0, MOST).map(({ name, type }) => makeChip(name, area, nameType(type))));
  });
}

function makeChip(word: string, area: Area, title = ""): HTMLButtonElement {
  const chip = make("button", { type: "button", class: "chip", title: title || false }, word);
  chip.addEventListener("click", () => insert(area, word));
  return chip;
}

/** Put a word where the cursor is, with blanks around it. */
function insert(area: Area, word: string): void {
  const start = area.selectionStart ?? area.value.length;
  const before = area.value.slice(0, start);
  const gap = before && !/[\s(]$/.test(before) ? " " : "";
  area.setRangeText(`${gap}${word} `, start, area.selectionEnd ?? start, "end");
  setValue(area, area.value);
  area.focus();
}
