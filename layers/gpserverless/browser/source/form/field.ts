// The fields of a form: one for each parameter of the task.
import { find, findAll, make } from "../dom.ts";

export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Return the field that an element belongs to. */
export function fieldOf(element: Element): HTMLElement | null {
  return element.closest<HTMLElement>("[data-field]");
}

/** Return the field of a parameter of the same form. */
export function findField(element: Element, name: string): HTMLElement | null {
  const form = element.closest("form") ?? document;
  return find(`[data-field="${CSS.escape(name)}"]`, form);
}

/** Return the control with the name of the parameter itself, or of a part of it such as "wkid". */
export function controlOf<C extends Control = HTMLInputElement>(field: HTMLElement, part = ""): C | null {
  const name = CSS.escape(field.dataset["field"] ?? "");
  return find(`[name="${name}${part && `\\.${CSS.escape(part)}`}"]`, field) as C | null;
}

/** Return the controls that a form sends. */
export function controlsOf(inside: ParentNode): Control[] {
  return findAll("input[name], textarea[name], select[name]", inside) as Control[];
}

/** Set a value as if it had been typed. */
export function setValue(control: Control, value: string): void {
  control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Return the line below a control that tells about its value; it is made when it is first needed. */
export function stateLine(field: HTMLElement, after: Element): HTMLElement {
  const found = find("[data-state]", field);
  if (found) return found;
  const line = make("p", { class: "state", "data-state": "", role: "status", id: `f-${field.dataset["field"]}-state` });
  after.after(line);
  return line;
}

/** Add the id of an element to those that describe a control. */
export function describe(control: Element, id: string): void {
  const ids = new Set((control.getAttribute("aria-describedby") ?? "").split(/\s+/).filter(Boolean));
  control.setAttribute("aria-describedby", [...ids.add(id)].join(" "));
}
