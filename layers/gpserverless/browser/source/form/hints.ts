// Hints beside a field while it is filled in. The server decides; nothing here keeps a form from being sent.
import { find, make } from "../dom.ts";
import { text } from "../text.ts";
import { type Control, describe, fieldOf } from "./field.ts";

/** What is known of a control; numbers are as they are typed. */
export interface Rule {
  isRequired: boolean;
  isNumber: boolean;
  isWhole: boolean;
  min: string;
  max: string;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const UNTYPED = ["file", "radio", "checkbox", "hidden", "password"];

/** Return a sentence about a value that breaks a rule, "" for any other. */
export function checkValue(value: string, rule: Rule): string {
  const typed = value.trim();
  if (!typed) return rule.isRequired ? text("A value is required.") : "";
  if (!rule.isNumber) return "";
  if (!NUMBER.test(typed)) return text("This is not a number.");
  const number = Number(typed);
  if (rule.isWhole && !Number.isInteger(number)) return text("This is not a whole number.");
  if (rule.min && number < Number(rule.min)) return text("The least is {min}.", { min: rule.min });
  if (rule.max && number > Number(rule.max)) return text("The most is {max}.", { max: rule.max });
  return "";
}

/** Show hints about the values of a form when a person leaves them, and take them back at once. */
export function enhanceHints(form: HTMLFormElement): void {
  form.noValidate = true; // the browser's own messages are in its language, and keep the form
  const check = (event: Event) => {
    const control = event.target as Control;
    if (control.name && !UNTYPED.includes(control.type)) showHint(control);
  };
  form.addEventListener("change", check);
  form.addEventListener("focusout", (event) => {
    if (isTyped(event.target as Element)) check(event);
  });
  form.addEventListener("input", (event) => {
    if ((event.target as Element).getAttribute("aria-invalid") === "true") check(event);
  });
}

/** A field that has only been passed is left alone. */
function isTyped(control: Element): boolean {
  return control instanceof HTMLElement && "value" in control && control.value !== "";
}

function showHint(control: Control): void {
  const field = fieldOf(control);
  if (!field || control.closest("[data-row]")) return;
  const hint = find(".wrong", field) ?? addHint(field);
  const input = control as HTMLInputElement;
  const sentence = input.validity.badInput ? text("This is not a number.") : checkValue(control.value, ruleOf(control, field));
  if (hint.textContent?.trim() !== sentence) hint.textContent = sentence;
  hint.hidden = !sentence;
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
