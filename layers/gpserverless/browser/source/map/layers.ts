// The layers of one collection of features: surfaces, lines and points.
import type {
  CircleLayerSpecification,
  ExpressionSpecification,
  FillLayerSpecification,
  LayerSpecification,
  LineLayerSpecification,
} from "maplibre-gl";

import { byClass, type ClassLook } from "./classes.ts";

const NO_INK = "rgba(0,0,0,0)";
const IS_SELECTED: ExpressionSpecification = ["boolean", ["feature-state", "selected"], false];

/** The colours of a collection: its own, that of selected features, and that around points. */
export interface Inks {
  color: string;
  selected: string;
  halo: string;
}

/** Ids of the layers of a collection, from the bottom. */
export function layerIds(id: string): string[] {
  return ["fill", "line", "point"].map((kind) => `${id}/${kind}`);
}

/** What the features of a collection have in common. */
export interface Look {
  inks: Inks;
  quiet: boolean;
  visible: boolean;
  /** Very many: surfaces get outlines of one pixel, which are drawn ten times as fast as lines. */
  dense: boolean;
  /** The looks of its classes, if it has some. */
  classes?: readonly ClassLook[];
}

/** Return the layers of a collection of this id, which is the one of its source too. */
export function makeLayers(id: string, look: Look): LayerSpecification[] {
  const [fill, line, point] = layerIds(id) as [string, string, string];
  const source = { source: id, layout: { visibility: look.visible ? ("visible" as const) : ("none" as const) } };
  const own = look.classes ? byClass(look.classes, ({ color }) => color, NO_INK) : look.inks.color;
  const ink: ExpressionSpecification = ["case", IS_SELECTED, look.inks.selected, own];
  return [
    { id: fill, type: "fill", ...source, filter: ["==", ["geometry-type"], "Polygon"], paint: paintFill(look, ink) },
    {
      id: line,
      type: "line",
      ...source,
      filter: look.dense ? ["==", ["geometry-type"], "LineString"] : ["!=", ["geometry-type"], "Point"],
      layout: { ...source.layout, "line-join": "round", "line-cap": look.quiet ? "butt" : "round" },
      paint: paintLine(look, ink),
    },
    { id: point, type: "circle", ...source, filter: ["==", ["geometry-type"], "Point"], paint: paintPoint(look, ink) },
  ];
}

function paintFill({ inks, quiet, dense, classes }: Look, ink: ExpressionSpecification): NonNullable<FillLayerSpecification["paint"]> {
  if (classes) return { "fill-color": ["case", IS_SELECTED, fade(inks.selected, 0.55), ink], "fill-antialias": false };
  const faint = fade(inks.color, quiet ? 0.08 : 0.28);
  return {
    "fill-color": ["case", IS_SELECTED, fade(inks.selected, 0.55), faint],
    "fill-antialias": dense, // otherwise the lines have the edges
    ...(dense ? { "fill-outline-color": ink } : {}),
  };
}

function paintLine({ inks, quiet, classes }: Look, ink: ExpressionSpecification): NonNullable<LineLayerSpecification["paint"]> {
  if (classes) {
    const edge: ExpressionSpecification = ["case", IS_SELECTED, inks.selected, byClass(classes, (each) => each.edge, NO_INK)];
    const isArea: ExpressionSpecification = ["==", ["geometry-type"], "Polygon"];
    const width: ExpressionSpecification = [
      "case", isArea, byClass(classes, (each) => each.edgeWidth, 0), byClass(classes, (each) => each.size, 0),
    ];
    return { "line-color": ["case", isArea, edge, ink], "line-width": ["case", IS_SELECTED, 3, width] };
  }
  const width: number | ExpressionSpecification = quiet ? 1.5 : ["match", ["geometry-type"], "Polygon", 1.25, 2.25];
  return {
    "line-color": ink,
    "line-width": ["case", IS_SELECTED, 3, width],
    ...(quiet ? { "line-dasharray": [3, 2] } : {}),
  };
}

function paintPoint({ inks, quiet, classes }: Look, ink: ExpressionSpecification): NonNullable<CircleLayerSpecification["paint"]> {
  if (classes) {
    return {
      "circle-radius": ["case", IS_SELECTED, 8, byClass(classes, (each) => each.size, 0)],
      "circle-color": ink,
      "circle-stroke-width": byClass(classes, (each) => each.edgeWidth, 0),
      "circle-stroke-color": byClass(classes, (each) => each.edge, NO_INK),
    };
  }
  return {
    "circle-radius": ["case", IS_SELECTED, 8, quiet ? 4.5 : 5.5],
    "circle-color": quiet ? ["case", IS_SELECTED, inks.selected, "rgba(0,0,0,0)"] : ink,
    "circle-stroke-width": quiet ? 2 : 1.5,
    "circle-stroke-color": quiet ? ink : inks.halo,
  };
}

/** Return a colour that lets things below shine through. */
function fade(color: string, opacity: number): ExpressionSpecification {
  const part = (index: number): ExpressionSpecification => ["at", index, ["to-rgba", ["to-color", color]]];
  return ["rgba", part(0), part(1), part(2), opacity];
}
