// Features in CSV: columns of longitude and latitude, of x and y, or of well-known text.
import { type Csv, readCsv } from "./csv_rows.ts";
import { widen } from "./esri_json.ts";
import { fromSystem } from "./systems.ts";
import { type FeatureText, type FieldOfText, type Features, NoFeatures } from "./types.ts";
import { readWkt } from "./wkt.ts";
import { text } from "../../text.ts";

// The names are those of formats/files/csv_places.py.
const DEGREES = [
  ["longitude", "latitude"], ["lon", "lat"], ["long", "lat"], ["lng", "lat"],
  ["decimallongitude", "decimallatitude"], ["lon_dd", "lat_dd"], ["x_lon", "y_lat"],
] as const;
const PLANE = [
  ["x", "y"], ["point_x", "point_y"], ["easting", "northing"], ["eastings", "northings"],
  ["x_coord", "y_coord"], ["xcoord", "ycoord"], ["coord_x", "coord_y"],
] as const;
const WKT = ["wkt", "the_geom", "geom", "geometry", "wkt_geom", "ewkt", "shape", "geom_wkt"];
const WGS84 = 4326;

/**
 * Read a table with places.
 *
 * @param isTable Whether rows without a place will do.
 * @throws {NoFeatures} It has no rows, or no columns of places.
 */
export function readCsvFeatures(source: string, isTable = false): FeatureText {
  const csv = readCsv(source);
  if (csv.header.length < 2 && !WKT.includes(csv.header[0]?.toLowerCase() ?? "")) {
    throw new NoFeatures(text("This is neither Esri JSON nor GeoJSON nor CSV."));
  }
  const table = { format: "CSV" as const, fields: inferColumns(csv), count: csv.rows.length, features: undefined };
  const places = findPlaces(csv);
  if (!places && isTable) return table;
  if (!places) throw new NoFeatures(text("The CSV has no columns lon and lat, x and y, or wkt."));
  const { features, system } = places;
  return features ? { ...table, features } : { ...table, system: system === undefined ? "" : String(system) };
}

interface Places {
  features: Features | undefined;
  system: number | undefined;
}

function findPlaces(csv: Csv): Places | undefined {
  const low = csv.header.map((name) => name.toLowerCase());
  const srid = readSrid(csv, low.indexOf("srid"));
  const wkt = low.findIndex((name, column) => WKT.includes(name) && csv.rows.some((row) => readWkt(row[column] ?? "")));
  if (wkt >= 0) return readTexts(csv, wkt, srid);
  const pairs = srid === undefined ? [...DEGREES, ...PLANE] : [...PLANE, ...DEGREES];
  const pair = pairs.find(([x, y]) => low.includes(x) && low.includes(y));
  if (!pair) return undefined;
  const isDegrees = DEGREES.some((each) => each === pair);
  return readPoints(csv, pair.map((name) => low.indexOf(name)), srid ?? (isDegrees ? WGS84 : undefined));
}

function readSrid(csv: Csv, column: number): number | undefined {
  const found = csv.rows.map((row) => /^(?:EPSG:|ESRI:)?(\d{3,9})$/i.exec(row[column]?.trim() ?? "")?.[1]);
  return found[0] === undefined ? undefined : Number(found[0]);
}

function readTexts(csv: Csv, column: number, srid: number | undefined): Places {
  const read = csv.rows.map((row) => readWkt(row[column] ?? ""));
  const system = srid ?? read.find((each) => each?.srid !== undefined)?.srid;
  return { features: makeFeatures(csv, system, read.map((each) => each?.geometry ?? null)), system };
}

function readPoints(csv: Csv, [x = 0, y = 0]: number[], system: number | undefined): Places {
  const points = csv.rows.map((row): GeoJSON.Geometry | null => {
    const coordinates = [readNumber(row[x], csv), readNumber(row[y], csv)];
    return coordinates.every(Number.isFinite) ? { type: "Point", coordinates } : null;
  });
  return { features: makeFeatures(csv, system, points), system };
}

function makeFeatures(csv: Csv, system: number | undefined, shapes: (GeoJSON.Geometry | null)[]): Features | undefined {
  const convert = fromSystem(system);
  if (!convert) return undefined;
  const features = shapes.map((shape, index): GeoJSON.Feature<GeoJSON.Geometry | null> => ({
    type: "Feature",
    properties: Object.fromEntries(csv.header.map((name, column) => [name, csv.rows[index]![column] ?? ""])),
    geometry: shape && convertShape(shape, convert),
  }));
  return { type: "FeatureCollection", features };
}

function convertShape(shape: GeoJSON.Geometry, convert: (position: number[]) => number[]): GeoJSON.Geometry {
  const convertAll = (part: unknown): unknown =>
    Array.isArray(part) && typeof part[0] === "number" ? convert(part as number[]) : (part as unknown[]).map(convertAll);
  return { ...shape, coordinates: convertAll((shape as GeoJSON.Point).coordinates) } as GeoJSON.Geometry;
}

/** A number; with a decimal comma where semicolons are between the cells. */
function readNumber(cell: string | undefined, { separator }: Csv): number {
  const trimmed = cell?.trim() ?? "";
  const number = separator === ";" && trimmed.includes(",") ? trimmed.replaceAll(".", "").replace(",", ".") : trimmed;
  return number === "" ? NaN : Number(number);
}

const SAMPLE = 1000; // rows that tell the type of a column

function inferColumns(csv: Csv): FieldOfText[] {
  return csv.header.map((name, column) => {
    const cells = csv.rows.slice(0, SAMPLE).map((row) => row[column]?.trim() ?? "");
    return { name, type: cells.map((cell) => typeOf(cell, csv)).reduce(widen, "") || "esriFieldTypeString" };
  }).filter(({ name }) => name);
}

function typeOf(cell: string, csv: Csv): string {
  if (!cell) return "";
  if (/^-?(0|[1-9]\d{0,8})$/.test(cell)) return "esriFieldTypeInteger";
  return Number.isNaN(readNumber(cell, csv)) || /^-?0\d/.test(cell) ? "esriFieldTypeString" : "esriFieldTypeDouble";
}
