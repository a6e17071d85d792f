// Features that are drawn, beside those that a text has already.
import { findSet, referenceOf, wkidOf } from "./esri_json.ts";
import { isObject, writeShape } from "./esri_shapes.ts";
import { isGeoJson } from "./geojson.ts";
import { GEOMETRY_TYPES, makeSet } from "./feature_set.ts";
import { toSystem } from "./systems.ts";

type Members = Record<string, unknown>;


/**
 * Return a text with features added to it, in its own format and spatial reference.
 *
 * A blank text becomes a feature set in WGS84. Undefined if nothing can be added to the text: to CSV, to a reference,
 * or to features in a spatial reference that is not known here.
 */
export function appendFeatures(base: string, drawn: readonly GeoJSON.Feature[]): string | undefined {
  if (!base.trim()) return JSON.stringify(makeSet(drawn));
  const document = parse(base);
  if (!document) return undefined;
  const grown = isGeoJson(document) ? growCollection(document, drawn) : growSet(document, drawn);
  return grown && JSON.stringify(grown);
}

function growCollection(document: Members, drawn: readonly GeoJSON.Feature[]): Members | undefined {
  if (document["type"] !== "FeatureCollection" || document["crs"] || !Array.isArray(document["features"])) return undefined;
  return { ...document, features: [...(document["features"] as unknown[]), ...drawn] };
}

function growSet(document: Members, drawn: readonly GeoJSON.Feature[]): Members | undefined {
  const convert = findSet(document) === document ? toSystem(wkidOf(referenceOf(document))) : undefined;
  const type = GEOMETRY_TYPES[drawn[0]?.geometry.type ?? ""];
  if (!convert || (document["geometryType"] ?? type) !== type) return undefined;
  const added = drawn.map(({ geometry }) => ({ attributes: {}, geometry: writeShape(geometry, convert) }));
  return { ...document, features: [...(document["features"] as unknown[]), ...added] };
}

function parse(base: string): Members | undefined {
  try {
    const document: unknown = JSON.parse(base);
    return isObject(document) ? document : undefined;
  } catch {
    return undefined;
  }
}
