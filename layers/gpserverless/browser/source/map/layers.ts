// The layers of one collection of features: surfaces, lines and points.
import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";

import type { LayerStyle } from "./types.ts";

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

/**
 * Return the layers of a collection.
 *
 * @param id The id of the collection and of its source.
 * @param style How it is drawn.
 * @param inks Its colours, resolved.
 */
export function makeLayers(id: string, style: LayerStyle, { color, selected, halo }: Inks): LayerSpecification[] {
  const [fill, line, point] = layerIds(id) as [string, string, string];
  const quiet = style.quiet ?? false;
  const visibility = style.visible === false ? "none" : "visible";
  const ink: ExpressionSpecification = ["case", IS_SELECTED, selected, color];
  return [
    {
      id: fill,
      type: "fill",
      source: id,
      filter: ["==", ["geometry-type"], "Polygon"],
      layout: { visibility },
      paint: {
        "fill-color": ink,
        "fill-opacity": ["case", IS_SELECTED, 0.55, quiet ? 0.08 : 0.28],
        "fill-antialias": false, // the lines above have the edges
      },
    },
    {
      id: line,
      type: "line",
      source: id,
      filter: ["!=", ["geometry-type"], "Point"],
      layout: { visibility, "line-join": "round", "line-cap": quiet ? "butt" : "round" },
      paint: {
        "line-color": ink,
        "line-width": ["case", IS_SELECTED, 3, quiet ? 1.5 : ["match", ["geometry-type"], "Polygon", 1.25, 2.25]],
        ...(quiet ? { "line-dasharray": [3, 2] } : {}),
      },
    },
    {
      id: point,
      type: "circle",
      source: id,
      filter: ["==", ["geometry-type"], "Point"],
      layout: { visibility },
      paint: {
        "circle-radius": ["case", IS_SELECTED, 8, quiet ? 4.5 : 5.5],
        "circle-color": quiet ? ["case", IS_SELECTED, selected, "rgba(0,0,0,0)"] : ink,
        "circle-stroke-width": quiet ? 2 : 1.5,
        "circle-stroke-color": quiet ? ink : halo,
      },
    },
  ];
}
