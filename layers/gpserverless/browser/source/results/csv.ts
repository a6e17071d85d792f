// Rows as CSV (RFC 4180).
import type { Field, Row, Value } from "./data.ts";
import { isDate, tellValue } from "./fields.ts";

const SPECIAL = /[",\r\n]/;

/** Return the text of rows, with a line of names; times in ISO 8601. */
export function writeCsv(fields: readonly Field[], rows: readonly Row[]): string {
  const head = fields.map((field) => quote(field.name));
  const lines = rows.map((row) => fields.map((field) => quote(tellCell(row[field.name], field))));
  return [head, ...lines].map((cells) => `${cells.join(",")}\r\n`).join("");
}

function tellCell(value: Value, field: Field): string {
  const told = tellValue(value, field);
  return told && isDate(field) && typeof value === "number" ? `${told.replace(" ", "T")}Z` : told;
}

function quote(cell: string): string {
  return SPECIAL.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
