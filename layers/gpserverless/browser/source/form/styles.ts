// Values as the languages of the snippets write them.
import type { Value } from "./values.ts";

/** Between the apostrophes of a shell, in a URL, or as a literal of JavaScript or Python. */
export type Style = "shell" | "url" | "json" | "python";

/** Return a value as text in a language; a value that is not given is empty, undefined or None. */
export function writeValue(value: Value | undefined, style: Style): string {
  if (style === "python") return writePython(value ?? null);
  if (style === "json") return value === undefined ? "undefined" : JSON.stringify(value);
  if (value === undefined) return "";
  const wire = typeof value === "string" ? value : JSON.stringify(value);
  return style === "url" ? encode(wire) : wire.replaceAll("'", "'\\''");
}

/** Percent-encode all but unreserved characters (RFC 3986), so that no shell reads any of them. */
function encode(text: string): string {
  const whole = new TextDecoder().decode(new TextEncoder().encode(text)); // as forms send halves of characters
  return encodeURIComponent(whole).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function writePython(value: Value): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(writePython).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value); // texts of JSON are texts of Python
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${writePython(member)}`);
  return `{${members.join(", ")}}`;
}
