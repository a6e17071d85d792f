// The names of the cells of rows, which are numbered from 0.

const PLACE = /__row__/g;

/** Return the name or id of a cell of the template as that of a cell in the row of a number. */
export function numberName(name: string, number: number): string {
  return name.replace(PLACE, String(number));
}

/** Return a number that no row has: one more than the greatest in the names "Field.0.1". */
export function nextNumber(names: readonly string[], field: string): number {
  const numbers = names.filter((name) => name.startsWith(`${field}.`)).map((name) => parseInt(name.slice(field.length + 1), 10));
  return Math.max(-1, ...numbers.filter((number) => !Number.isNaN(number))) + 1;
}

/** Return whether nothing has been typed or chosen. */
export function isBlank({ name, type, value, checked }: { name: string; type: string; value: string; checked?: boolean }): boolean {
  if (type === "checkbox" || type === "radio") return !checked;
  return value.trim() === "" || name.endsWith(".units"); // a list of units always has one chosen
}
