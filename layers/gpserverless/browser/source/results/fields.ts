// The columns of a table, and their values as texts.
import type { Field, Row, Value } from "./data.ts";

const NUMBERS = ["OID", "Integer", "SmallInteger", "BigInteger", "Double", "Single"].map((each) => `esriFieldType${each}`);
const DATE = "esriFieldTypeDate";
const SAMPLE = 1000; // rows that tell which columns there are, where the server does not
const LONGEST_DATE = 8.64e15; // milliseconds from 1970 that a Date can hold

/** Return the columns: those that are given, else those of the first rows. */
export function findFields(given: Field[] | undefined, rows: readonly Row[]): Field[] {
  if (given?.length) return given;
  const types = new Map<string, string>();
  for (const row of rows.slice(0, SAMPLE)) {
    for (const [name, value] of Object.entries(row)) types.set(name, combine(types.get(name), value));
  }
  return [...types].map(([name, type]) => ({ name, type }));
}

function combine(type: string | undefined, value: Value): string {
  if (value === null || value === undefined) return type ?? "";
  const own = typeof value === "number" ? "esriFieldTypeDouble" : "esriFieldTypeString";
  return type && type !== own ? "esriFieldTypeString" : own;
}

/** Return whether the values of a column are numbers. */
export function isNumeric(field: Field): boolean {
  return NUMBERS.includes(field.type ?? "");
}

/** Return whether the values of a column are times, in milliseconds since 1970-01-01 UTC. */
export function isDate(field: Field): boolean {
  return field.type === DATE;
}

/** Return the title of a column. */
export function nameField(field: Field): string {
  const title = field.alias || field.name;
  return isDate(field) ? `${title} (UTC)` : title;
}

/** Return a value as a text with nothing left out; "" for none. */
export function tellValue(value: Value, field: Field): string {
  if (value === null || value === undefined) return "";
  if (isDate(field) && typeof value === "number" && Math.abs(value) <= LONGEST_DATE) {
    return new Date(value).toISOString().replace("T", " ").replace(/(\.000)?Z$/, "");
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
