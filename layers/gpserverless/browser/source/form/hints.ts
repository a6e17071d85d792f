// Hints beside a field while it is filled in. The server decides; nothing here keeps a form from being sent.
import { find, findAll, make } from "../dom.ts";
import { type Control, controlsOf, describe, fieldOf } from "./field.ts";
import { afterPress } from "./press.ts";
import { checkValue, type Rule } from "./rules.ts";

const UNTYPED = ["file", "radio", "checkbox", "hidden", "password"];

/** Show hints about the values of a form when a person has changed them, and take them back at once. */
export function enhanceHints(form: HTMLFormElement): void {
  form.noValidate = true; // the browser's own messages are in its language, and keep the form
  const check = (event: Event) => {
    const control = event.target as Control;
    if (control.name && !UNTYPED.includes(control.type)) afterPress(() => showHint(control));
  };
  form.addEventListener("change", check);
  form.addEventListener("input", (event) => {
    if ((event.target as Element).getAttribute("aria-invalid") === "true") check(event);
  });
}

function showHint(control: Control): void {
  const field = fieldOf(control);
  if (!field || control.closest("[data-row]")) return;
  const hint = find(".wrong", field) ?? addHint(field);
  mark(control, checkValue(control.value, ruleOf(control, field)), hint);
  const others = controlsOf(field).filter((each) => each.getAttribute("aria-invalid") === "true");
  const sentence = others.map((each) => checkValue(each.value, ruleOf(each, field))).find(Boolean) ?? "";
  if (hint.textContent?.trim() !== sentence) hint.textContent = sentence;
  hint.hidden = !sentence;
  if (sentence) return;
  field.classList.remove("has-mistake"); // what the server has said was about another value
  for (const element of findAll("[aria-invalid]", field)) element.removeAttribute("aria-invalid");
}

function mark(control: Control, sentence: string, hint: HTMLElement): void {
  if (sentence) describe(control, hint.id);
  if (sentence) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

function addHint(field: HTMLElement): HTMLElement {
  const hint = make("p", { class: "wrong", id: `f-${field.dataset["field"]}-wrong`, role: "alert" });
  const help = find(".help", field);
  if (help) help.after(hint);
  else field.append(hint);
  return hint;
}

function ruleOf(control: Control, field: HTMLElement): Rule {
  const { min = "", max = "" } = control.dataset;
  const isWhole = field.dataset["type"] === "GPLong";
  const isOwn = control.name === field.dataset["field"];
  const isNumber = control.inputMode === "decimal" || control.inputMode === "numeric";
  const isRequired = control.required || (isOwn && field.dataset["required"] !== undefined);
  return { isRequired, isNumber, isWhole, min, max };
}
