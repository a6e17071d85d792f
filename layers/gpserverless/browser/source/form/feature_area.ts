// The features in the text of a field, read once for all that ask for them.
import { text } from "../text.ts";
import { readFeatures } from "./data/read.ts";
import { type FeatureText, type FieldOfText, NoFeatures } from "./data/types.ts";
import { controlOf, fieldOf, findField } from "./field.ts";

const PAUSE = 300; // milliseconds after the last key
const LONGEST = 10_000_000; // characters; a request takes less

export interface Reading {
  found: FeatureText | undefined;
  /** A sentence about a text that holds no features. */
  problem?: string;
}

const readings = new WeakMap<HTMLTextAreaElement, { value: string; reading: Reading }>();

/** Return the features in a text. */
export function readArea(area: HTMLTextAreaElement): Reading {
  const known = readings.get(area);
  if (known?.value === area.value) return known.reading;
  const reading = read(area.value, isTable(area));
  readings.set(area, { value: area.value, reading });
  return reading;
}

/** Call back with the fields of the features of another field: now, and after every change of them. */
export function watchFields(element: Element, callback: (fields: FieldOfText[]) => void): void {
  const name = element.closest<HTMLElement>("[data-dependency]")?.dataset["dependency"] ?? "";
  const source = findField(element, name);
  const area = source && controlOf<HTMLTextAreaElement>(source);
  if (!(area instanceof HTMLTextAreaElement)) return;
  const tell = () => callback(readArea(area).found?.fields ?? []);
  let timer: ReturnType<typeof setTimeout> | undefined;
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(tell, PAUSE);
  });
  tell();
}

function isTable(area: HTMLTextAreaElement): boolean {
  return /RecordSet/.test(fieldOf(area)?.dataset["type"] ?? "") && !/Feature/.test(fieldOf(area)?.dataset["type"] ?? "");
}

function read(value: string, isOfRows: boolean): Reading {
  if (value.length > LONGEST) return { found: undefined, problem: text("The text is too long to be shown here.") };
  try {
    return { found: readFeatures(value, isOfRows) };
  } catch (error) {
    if (!(error instanceof NoFeatures)) throw error;
    return { found: undefined, problem: error.message };
  }
}
