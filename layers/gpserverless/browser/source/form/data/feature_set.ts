// Feature sets in Esri JSON, in WGS84.
import { type EsriGeometry, writeShape } from "./esri_shapes.ts";
import type { FeatureText } from "./types.ts";

const WGS84 = 4326;

/** The geometry types of Esri by those of GeoJSON. */
export const GEOMETRY_TYPES: Record<string, string> = {
  Point: "esriGeometryPoint",
  MultiPoint: "esriGeometryMultipoint",
  LineString: "esriGeometryPolyline",
  MultiLineString: "esriGeometryPolyline",
  Polygon: "esriGeometryPolygon",
  MultiPolygon: "esriGeometryPolygon",
};

// A type, not an interface: only such are values of JSON to the compiler.
export type FeatureSet = {
  geometryType: string;
  spatialReference: { wkid: number };
  features: { attributes: Record<string, string | number | null>; geometry: EsriGeometry | null }[];
};

type Feature = GeoJSON.Feature<GeoJSON.Geometry | null>;

/** Return features as a feature set; their attributes are left out. */
export function makeSet(features: readonly Feature[]): FeatureSet {
  const first = features.find(({ geometry }) => geometry)?.geometry?.type ?? "Point";
  return {
    geometryType: GEOMETRY_TYPES[first] ?? "esriGeometryPoint",
    spatialReference: { wkid: WGS84 },
    features: features.map(({ geometry }) => ({ attributes: {}, geometry: geometry && writeShape(geometry, (position) => position) })),
  };
}

/** Return the features of CSV as a feature set with their attributes, undefined if their place is not known here. */
export function convertCsv({ features, fields }: FeatureText): FeatureSet | undefined {
  if (!features) return undefined;
  const set = makeSet(features.features);
  features.features.forEach(({ properties }, index) => {
    const cells = fields.map(({ name, type }) => [name, readCell(String(properties?.[name] ?? ""), type)]);
    set.features[index]!.attributes = Object.fromEntries(cells);
  });
  return set;
}

function readCell(cell: string, type: string): string | number | null {
  if (!cell.trim()) return null;
  const number = Number(cell);
  return type === "esriFieldTypeString" || Number.isNaN(number) ? cell : number;
}
