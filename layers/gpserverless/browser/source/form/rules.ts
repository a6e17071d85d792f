// What a value must be, as far as a page can tell.
import { text } from "../text.ts";

/** What is known of a control; numbers are as they are typed. */
export interface Rule {
  isRequired: boolean;
  isNumber: boolean;
  isWhole: boolean;
  min: string;
  max: string;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

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
