// The names of the cells of rows, which are numbered from 0.

const PLACE = /__row__|\{row\}/g;
const CELL = /^(.+\.)\d+(\.\d+)$/;

/** Return the name or id of a cell in the row of a number; a name without a number stays. */
export function numberName(name: string, number: number): string {
  const numbered = name.replace(PLACE, String(number));
  return numbered === name ? name.replace(CELL, `$1${number}$2`) : numbered;
}

/** Return whether nothing has been typed or chosen. */
export function isBlank(control: { type: string; value: string; checked?: boolean }): boolean {
  if (control.type === "checkbox" || control.type === "radio") return !control.checked;
  return control.type === "select-one" || control.value.trim() === "";
}
