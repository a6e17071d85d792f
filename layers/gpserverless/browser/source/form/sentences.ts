// Sentences about values.
import { text } from "../text.ts";
import type { FeatureText } from "./data/types.ts";

const FRACTION = 1; // digits

/** Return the number and the format of the features in a text. */
export function countFeatures({ format, count, features, system }: FeatureText): string {
  if (count === undefined) return text("A reference: the server fetches the features.");
  const number = count.toLocaleString(document.documentElement.lang || "en");
  const counted = count === 1 ? text("1 feature in {format}.", { format }) : text("{count} features in {format}.", { count: number, format });
  if (features || system === undefined) return counted;
  const unseen = system
    ? text("The map does not show spatial reference {system}; the server reads it.", { system })
    : text("The map does not show features without a spatial reference.");
  return `${counted} ${unseen}`;
}

/** Return a size in a unit that people read: "3.4 MB". */
export function writeSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const number = bytes / 1024 ** power;
  const digits = power ? FRACTION : 0;
  const lang = document.documentElement.lang || "en";
  return `${number.toLocaleString(lang, { maximumFractionDigits: digits })} ${units[power]}`;
}
