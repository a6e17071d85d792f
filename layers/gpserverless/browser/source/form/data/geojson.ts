// Features in GeoJSON.
import { inferFields } from "./esri_json.ts";
import { isObject } from "./esri_shapes.ts";
import { type Convert, fromSystem, type Position } from "./systems.ts";
import { type FeatureText, NoFeatures } from "./types.ts";
import { text } from "../../text.ts";

type Members = Record<string, unknown>;

const SHAPES = ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"];
const WGS84 = 4326;

/** Return whether a document is GeoJSON. */
export function isGeoJson(document: Members): boolean {
  return ["FeatureCollection", "Feature", ...SHAPES].includes(String(document["type"]));
}

/**
 * Read a collection, a feature or a geometry.
 *
 * @throws {NoFeatures} The collection has no list of features, or one of them is none.
 */
export function readGeoJson(document: Members): FeatureText {
  const features = listFeatures(document);
  const system = readSystem(document["crs"]);
  const convert = fromSystem(typeof system === "string" ? undefined : system);
  return {
    format: "GeoJSON",
    fields: inferFields(features.map((each) => each["properties"])),
    count: features.length,
    features: convert && { type: "FeatureCollection", features: features.map((each) => makeFeature(each, convert)) },
    ...(convert ? {} : { system: String(system) }),
  };
}

function listFeatures(document: Members): Members[] {
  if (document["type"] === "Feature") return [document];
  if (document["type"] !== "FeatureCollection") return [{ geometry: document, properties: {} }];
  const features = document["features"];
  if (!Array.isArray(features)) throw new NoFeatures(text("The GeoJSON has no list of features."));
  const wrong = features.findIndex((each) => !isObject(each));
  if (wrong >= 0) throw new NoFeatures(text("Feature {number} is not an object.", { number: wrong + 1 }));
  return features as Members[];
}

/** The code of the old member `crs`; WGS84 without it (RFC 7946). */
function readSystem(crs: unknown): number | string {
  if (!isObject(crs) || !isObject(crs["properties"])) return WGS84;
  const name = String(crs["properties"]["name"] ?? "");
  if (/CRS:?:?84$/i.test(name)) return WGS84;
  const code = /(\d+)$/.exec(name)?.[1];
  return code ? Number(code) : name;
}

function makeFeature(feature: Members, convert: Convert): GeoJSON.Feature<GeoJSON.Geometry | null> {
  const properties = isObject(feature["properties"]) ? feature["properties"] : {};
  return { type: "Feature", properties, geometry: readGeometry(feature["geometry"], convert) };
}

function readGeometry(geometry: unknown, convert: Convert): GeoJSON.Geometry | null {
  if (!isObject(geometry) || !SHAPES.includes(String(geometry["type"]))) return null;
  if (geometry["type"] === "GeometryCollection") {
    const parts = Array.isArray(geometry["geometries"]) ? (geometry["geometries"] as unknown[]) : [];
    const read = parts.map((part) => readGeometry(part, convert)).filter((part) => part !== null);
    return { type: "GeometryCollection", geometries: read };
  }
  const coordinates = convertAll(geometry["coordinates"], convert);
  return coordinates === undefined ? null : ({ type: geometry["type"], coordinates } as GeoJSON.Geometry);
}

function convertAll(coordinates: unknown, convert: Convert): unknown {
  if (!Array.isArray(coordinates) || !coordinates.length) return undefined;
  if (typeof coordinates[0] === "number") return convert(coordinates as Position);
  const parts = coordinates.map((part) => convertAll(part, convert));
  return parts.includes(undefined) ? undefined : parts;
}
