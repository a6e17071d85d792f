// Feature sets and record sets in Esri JSON.
import { isObject, readShape } from "./esri_shapes.ts";
import { fromSystem } from "./systems.ts";
import { type FeatureText, type FieldOfText, NoFeatures } from "./types.ts";
import { text } from "../../text.ts";

type Members = Record<string, unknown>;

/** Return the WKID of a spatial reference in JSON, undefined if it has none. */
export function wkidOf(reference: unknown): number | undefined {
  if (!isObject(reference)) return undefined;
  const id = reference["latestWkid"] ?? reference["wkid"];
  return typeof id === "number" ? id : undefined;
}

/** Return the spatial reference of a feature set: its own, else that of its first geometry. */
export function referenceOf(set: Members): unknown {
  if (set["spatialReference"]) return set["spatialReference"];
  const [first] = Array.isArray(set["features"]) ? (set["features"] as unknown[]) : [];
  return isObject(first) && isObject(first["geometry"]) ? first["geometry"]["spatialReference"] : undefined;
}

/** Return the feature set in a document: itself, or the first layer of a feature collection. */
export function findSet(document: Members): Members | undefined {
  if (Array.isArray(document["features"])) return document;
  const layers = document["layers"];
  const inside: unknown = Array.isArray(layers) ? layers[0] : document;
  return isObject(inside) && isObject(inside["featureSet"]) ? inside["featureSet"] : undefined;
}

/**
 * Read a feature set.
 *
 * @throws {NoFeatures} One of its features is none.
 */
export function readEsriJson(set: Members): FeatureText {
  const features = set["features"] as unknown[];
  const wrong = features.findIndex((each) => !isObject(each));
  if (wrong >= 0) throw new NoFeatures(text("Feature {number} is not an object.", { number: wrong + 1 }));
  const reference = referenceOf(set);
  const convert = fromSystem(wkidOf(reference));
  const isTable = features.every((each) => !(each as Members)["geometry"]);
  const found = convert && {
    type: "FeatureCollection" as const,
    features: (features as Members[]).map((each) => ({
      type: "Feature" as const,
      properties: isObject(each["attributes"]) ? each["attributes"] : {},
      geometry: readShape(each["geometry"], convert),
    })),
  };
  const unknown = !convert && !isTable ? { system: writeReference(reference) } : {};
  return { format: "Esri JSON", fields: readFields(set), count: features.length, features: found, ...unknown };
}

function writeReference(reference: unknown): string {
  return String(wkidOf(reference) ?? (reference ? JSON.stringify(reference).slice(0, 60) : ""));
}

function readFields(set: Members): FieldOfText[] {
  const declared = Array.isArray(set["fields"]) ? (set["fields"] as unknown[]).filter(isObject) : [];
  if (declared.length) return declared.map((each) => ({ name: String(each["name"]), type: String(each["type"] ?? "") }));
  return inferFields((set["features"] as Members[]).map((each) => each["attributes"]));
}

const SAMPLE = 100; // features whose attributes tell the fields

/** Return the fields of features that do not declare them, by their first attributes. */
export function inferFields(rows: unknown[]): FieldOfText[] {
  const types = new Map<string, string>();
  for (const row of rows.slice(0, SAMPLE).filter(isObject)) {
    for (const [name, value] of Object.entries(row)) {
      const before = types.get(name) ?? "";
      types.set(name, widen(before, typeOf(value)));
    }
  }
  return [...types].map(([name, type]) => ({ name, type }));
}

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number") return "esriFieldTypeString";
  return Number.isInteger(value) ? "esriFieldTypeInteger" : "esriFieldTypeDouble";
}

/** The type that holds values of two. */
export function widen(one: string, other: string): string {
  if (!one || !other || one === other) return one || other;
  return [one, other].includes("esriFieldTypeString") ? "esriFieldTypeString" : "esriFieldTypeDouble";
}
