// Snippets of code, with the values of the form in them.
import { findAll } from "../dom.ts";
import { type Control, controlsOf } from "./field.ts";
import { type Style, writeValue } from "./styles.ts";
import { joinValue, type Part, type Value } from "./values.ts";

const PAUSE = 200; // milliseconds after the last key
const LONGEST = 20_000; // characters; an ellipsis stands for more

/** Let the snippets of a page follow the values of a form, as soon as one is changed. */
export function enhanceSnippets(form: HTMLFormElement): void {
  const places = findAll("[data-snippet] [data-value]");
  if (!places.length) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => fill(places, form), PAUSE);
  };
  form.addEventListener("input", wait);
  form.addEventListener("change", wait);
}

function fill(places: HTMLElement[], form: HTMLFormElement): void {
  const names = new Set(places.map((place) => place.dataset["value"] ?? ""));
  const values = new Map([...names].map((name) => [name, valueOf(form, name)]));
  for (const place of places) {
    const value = values.get(place.dataset["value"] ?? "");
    const written = writeValue(value, place.dataset["style"] as Style);
    place.textContent = written.length > LONGEST ? "…" : written;
    const line = place.closest<HTMLElement>("[data-line]");
    if (line) line.hidden = value === undefined;
  }
}

function valueOf(form: HTMLFormElement, name: string): Value | undefined {
  const field = form.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`) ?? form;
  const type = field.dataset["type"] ?? "";
  const own = controlsOf(field).filter((control) => isSent(control) && (control.name === name || control.name.startsWith(`${name}.`)));
  return joinValue(name, own.map((control) => partOf(control, type)), type.startsWith("GPMultiValue:"));
}

function isSent(control: Control): boolean {
  const isSwitch = control.type === "checkbox" || control.type === "radio";
  return !control.disabled && control.type !== "file" && (!isSwitch || (control as HTMLInputElement).checked);
}

function partOf(control: Control, type: string): Part {
  return { name: control.name, text: control.value, kind: kindOf(control, type) };
}

const NUMBERS = /(^|:)(GPLong|GPDouble)$/;
const PARTS_WITH_NUMBERS = /\.wkid$/;

function kindOf(control: Control, type: string): Part["kind"] {
  if (control.type === "datetime-local") return "date";
  if (control.inputMode === "decimal" || control.inputMode === "numeric") return "number";
  if (NUMBERS.test(type) || PARTS_WITH_NUMBERS.test(control.name)) return "number";
  if (/(^|:)GPBoolean$/.test(type)) return "boolean";
  return /^\s*[[{]/.test(control.value) && !/(^|:)(GPString|GPSQLExpression)$/.test(type) ? "json" : "text";
}
