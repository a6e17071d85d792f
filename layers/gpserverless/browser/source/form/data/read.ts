// The features in a text: Esri JSON, GeoJSON, CSV, or a reference to them.
import { readCsvFeatures } from "./csv.ts";
import { findSet, readEsriJson } from "./esri_json.ts";
import { isObject } from "./esri_shapes.ts";
import { isGeoJson, readGeoJson } from "./geojson.ts";
import { type FeatureText, NoFeatures } from "./types.ts";
import { text } from "../../text.ts";

const REFERENCE: FeatureText = { format: "reference", fields: [], count: undefined, features: undefined };

/**
 * Read a text; undefined if it is blank.
 *
 * @param isTable Whether rows without a place are features too.
 * @throws {NoFeatures} It holds no features.
 */
export function readFeatures(source: string, isTable = false): FeatureText | undefined {
  const trimmed = source.trim();
  if (!trimmed) return undefined;
  if (/^https?:\/\/\S+$/i.test(trimmed)) return REFERENCE;
  if (!/^[[{]/.test(trimmed)) return readCsvFeatures(source, isTable);
  return readDocument(parse(trimmed));
}

function readDocument(document: unknown): FeatureText {
  if (!isObject(document)) throw new NoFeatures(text("The JSON is not an object with features."));
  if (isGeoJson(document)) return readGeoJson(document);
  const set = findSet(document);
  if (set) return readEsriJson(set);
  if (typeof document["url"] === "string" || typeof document["itemID"] === "string") return REFERENCE;
  throw new NoFeatures(text("The JSON is not an object with features."));
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new NoFeatures(explain(String(error)));
  }
}

/** A sentence for the error of a parser; not every browser tells the line. */
function explain(error: string): string {
  if (/end of|EOF|unterminated/i.test(error)) return text("The JSON is not complete.");
  const line = /line (\d+)/.exec(error)?.[1];
  return line ? text("The JSON has a mistake in line {line}.", { line }) : text("The JSON has a mistake.");
}
