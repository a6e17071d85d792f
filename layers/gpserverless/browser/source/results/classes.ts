// The classes of a layer's renderer, as its map draws them: the page shows features as every other client does.
import type { ClassLook, Classes } from "../map/classes.ts";
import type { Row, Value } from "./data.ts";

const MOST_CLASSES = 250;
const NULL = "<Null>";
const PIXELS = 96 / 72; // of a point
const NONE = "rgba(0,0,0,0)";

type Json = Readonly<Record<string, unknown>>;

/** Load the renderer of a layer; undefined for one without classes, and if the layer does not answer. */
export async function loadRenderer(layerUrl: string): Promise<Json | undefined> {
  try {
    const answer = await fetch(`${layerUrl}?f=json`);
    const { drawingInfo } = (await answer.json()) as { drawingInfo?: { renderer?: Json } };
    return drawingInfo?.renderer;
  } catch {
    return undefined; // the features are drawn in the colour of the page
  }
}

/** Return the classes of rows; undefined if the renderer has none, or other ones than a map of a page can draw. */
export function classify(renderer: Json | undefined, rows: readonly Row[]): Classes | undefined {
  const infos = readInfos(renderer);
  if (!renderer || !infos.length || infos.length > MOST_CLASSES) return undefined;
  if (![...infos.map((info) => info["symbol"]), renderer["defaultSymbol"]].every(isPlain)) return undefined;
  const find = renderer["type"] === "classBreaks" ? findBreak(renderer, infos) : findValue(renderer, infos);
  const looks = infos.map((info) => readLook(info["symbol"], String(info["label"] ?? "")));
  const other = renderer["defaultSymbol"] ? looks.length : -1;
  if (other >= 0) looks.push(readLook(renderer["defaultSymbol"], String(renderer["defaultLabel"] ?? "")));
  return { looks, numbers: rows.map((row) => find(row) ?? other) };
}

/** Return whether a symbol is none or has a colour; a picture has none, and would not be seen. */
function isPlain(symbol: unknown): boolean {
  return !symbol || /^esriS[MLF]S$/.test(String((symbol as Json)["type"]));
}

function readInfos(renderer: Json | undefined): Json[] {
  const infos = renderer?.[renderer["type"] === "classBreaks" ? "classBreakInfos" : "uniqueValueInfos"];
  return Array.isArray(infos) && ["", "esriNormalizeNone"].includes(String(renderer?.["normalizationType"] ?? "")) ? (infos as Json[]) : [];
}

type Find = (row: Row) => number | undefined;

function findBreak(renderer: Json, infos: readonly Json[]): Find {
  const least = Number(renderer["minValue"] ?? -Infinity);
  const breaks = infos.map((info) => Number(info["classMaxValue"]));
  return (row) => {
    const value = row[String(renderer["field"])];
    if (typeof value !== "number" || value < least) return undefined;
    const found = breaks.findIndex((most) => value <= most);
    return found < 0 ? undefined : found;
  };
}

function findValue(renderer: Json, infos: readonly Json[]): Find {
  const fields = ["field1", "field2", "field3"].map((name) => renderer[name]).filter(Boolean) as string[];
  const places = new Map(infos.map((info, place) => [write(info["value"]), place]));
  const isNullApart = [...places.keys()].some((value) => value.includes(NULL));
  const delimiter = String(renderer["fieldDelimiter"] ?? ",");
  const writeOne = (value: Value): string => (value === null && !isNullApart ? "" : write(value));
  return (row) => places.get(fields.map((name) => writeOne(row[name] ?? null)).join(delimiter));
}

function write(value: unknown): string {
  return value === null || value === undefined ? NULL : String(value);
}

/** Return the look of a symbol of Esri JSON. */
function readLook(symbol: unknown, label: string): ClassLook {
  const { type, style, color, size, width, outline } = (symbol ?? {}) as Json;
  const edge = (outline ?? {}) as Json;
  const isOpen = typeof style === "string" && /Null|Hollow/.test(style);
  return {
    color: isOpen ? NONE : writeColor(color),
    edge: writeColor(edge["color"]),
    edgeWidth: Number(edge["width"] ?? 0) * PIXELS,
    size: (type === "esriSLS" ? Number(width ?? 1) : Number(size ?? 6) / 2) * PIXELS,
    label,
  };
}

function writeColor(color: unknown): string {
  if (!Array.isArray(color)) return NONE;
  const [red, green, blue, opacity = 255] = color as number[];
  return `rgba(${red},${green},${blue},${Number((opacity / 255).toFixed(3))})`;
}
