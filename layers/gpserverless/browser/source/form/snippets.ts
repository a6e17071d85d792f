// Snippets of code, with the values of the form in them.
import { find, findAll } from "../dom.ts";
import { convertCsv } from "./data/feature_set.ts";
import { readArea } from "./feature_area.ts";
import { type Control, controlOf, controlsOf } from "./field.ts";
import { type Style, writeValue } from "./styles.ts";
import { joinValue, type Part, type Value } from "./values.ts";

const PAUSE = 200; // milliseconds after the last key
const LONGEST = 20_000; // characters; an ellipsis stands for more

/** Let the snippets of a page follow the values of a form, as soon as one is changed. */
export function enhanceSnippets(form: HTMLFormElement): void {
  const places = findAll("[data-snippet] [data-value]");
  if (!places.length) return;
  const examples = findExamples(places, form);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => fill(places, form, examples), PAUSE);
  };
  form.addEventListener("input", wait);
  form.addEventListener("change", wait);
}

/** The texts that the server has put where a required value is not given yet. */
function findExamples(places: HTMLElement[], form: HTMLFormElement): Map<HTMLElement, string> {
  const isExample = (name: string) => fieldNamed(form, name)?.dataset["required"] !== undefined && valueOf(form, name) === undefined;
  const found = places.filter((place) => isExample(place.dataset["value"] ?? ""));
  return new Map(found.map((place) => [place, place.textContent ?? ""]));
}

function fill(places: HTMLElement[], form: HTMLFormElement, examples: Map<HTMLElement, string>): void {
  const names = new Set(places.map((place) => place.dataset["value"] ?? ""));
  const values = new Map<string, ReturnType<typeof valueOf>>([...names].map((name) => [name, valueOf(form, name)]));
  for (const place of places) {
    const value = values.get(place.dataset["value"] ?? "");
    const example = value === undefined ? examples.get(place) : undefined;
    place.textContent = example ?? (value === UNKNOWN ? "…" : shorten(writeValue(value, place.dataset["style"] as Style)));
    const line = place.closest<HTMLElement>("[data-line]");
    if (line) line.hidden = value === undefined && !example;
  }
}

function shorten(written: string): string {
  return written.length > LONGEST ? "…" : written;
}

const UNKNOWN = Symbol("CSV that a page cannot convert");

function valueOf(form: HTMLFormElement, name: string): Value | undefined | typeof UNKNOWN {
  const field = fieldNamed(form, name) ?? form;
  const type = field.dataset["type"] ?? "";
  const area = /RecordSet/.test(type) ? controlOf<HTMLTextAreaElement>(field) : null;
  const found = area && readArea(area).found;
  if (found?.format === "CSV") return convertCsv(found) ?? UNKNOWN; // the form takes CSV, the wire does not
  const own = controlsOf(field).filter((control) => isSent(control) && (control.name === name || control.name.startsWith(`${name}.`)));
  return joinValue(name, own.map((control) => partOf(control, type)), type.startsWith("GPMultiValue:"));
}

function fieldNamed(form: HTMLFormElement, name: string): HTMLElement | null {
  return find(`[data-field="${CSS.escape(name)}"]`, form);
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
