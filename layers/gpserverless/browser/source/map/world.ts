// The world under everything else: Natural Earth, coarse from far, finer from near.
import type { GeoJSONSource, LayerSpecification, Map, SourceSpecification, StyleSpecification } from "maplibre-gl";
import { feature } from "topojson-client";
import type { GeometryObject, Topology } from "topojson-specification";

import farUrl from "static:world-110m.json";
import nearUrl from "static:world-50m.json";

import { resolveColor } from "./colors.ts";
import { makeGraticule } from "./graticule.ts";

const NEAR_ZOOM = 3; // from here on, the coarse coasts have corners
const PARTS = ["land", "coast", "border"] as const;
const NOTHING: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

/** The properties of the style with the variables of CSS that colour them. */
const PAINTED = [
  ["water", "background-color", "--map-water"],
  ["land", "fill-color", "--map-land"],
  ["graticule", "line-color", "--map-graticule"],
  ["border", "line-color", "--map-border"],
  ["coast", "line-color", "--map-coast"],
] as const;

/** The lowest of the lines of the world: surfaces of the world are below it, features above all lines. */
export const BOTTOM_LINES = "graticule";

/** Return the style of a map that has nothing but the world. */
export function makeStyle(container: Element): StyleSpecification {
  const color = Object.fromEntries(PAINTED.map(([layer, , name]) => [layer, resolveColor(name, container)]));
  const sources: Record<string, SourceSpecification> = {
    graticule: { type: "geojson", data: makeGraticule(15), maxzoom: 2, attribution: ATTRIBUTION },
  };
  for (const part of PARTS) sources[part] = { type: "geojson", data: NOTHING, maxzoom: 7, tolerance: 0.2 };
  const layers: LayerSpecification[] = [
    { id: "water", type: "background", paint: { "background-color": color["water"]! } },
    { id: "land", type: "fill", source: "land", paint: { "fill-color": color["land"]!, "fill-antialias": true } },
    { id: "graticule", type: "line", source: "graticule", paint: { "line-color": color["graticule"]!, "line-width": 0.75 } },
    {
      id: "border",
      type: "line",
      source: "border",
      paint: { "line-color": color["border"]!, "line-width": ["interpolate", ["linear"], ["zoom"], 0, 0.5, 6, 1.25] },
    },
    {
      id: "coast",
      type: "line",
      source: "coast",
      paint: { "line-color": color["coast"]!, "line-width": ["interpolate", ["linear"], ["zoom"], 0, 0.5, 6, 1.25] },
    },
  ];
  return { version: 8, sources, layers };
}

const ATTRIBUTION = "Natural Earth";

/** Colour the world anew, after a change between light and dark. */
export function repaintWorld(map: Map): void {
  for (const [layer, property, name] of PAINTED) {
    map.setPaintProperty(layer, property, resolveColor(name, map.getContainer()));
  }
}

/** Fetch the world: the coarse one now, the finer one when the map is first near. */
export async function showWorld(map: Map): Promise<void> {
  await replaceWorld(map, farUrl);
  const check = () => {
    if (map.getZoom() < NEAR_ZOOM) return;
    map.off("zoom", check);
    void replaceWorld(map, nearUrl);
  };
  map.on("zoom", check);
  check();
}

async function replaceWorld(map: Map, url: string): Promise<void> {
  for (const [part, shapes] of await fetchWorld(url)) map.getSource<GeoJSONSource>(part)?.setData(shapes);
}

/**
 * Fetch the parts of a world; none if it cannot be fetched, or is no world.
 *
 * Nobody is told: the water and its graticule are a map too, and whoever came for results sees all of them.
 */
async function fetchWorld(url: string): Promise<[string, GeoJSON.GeoJSON][]> {
  try {
    const response = await fetch(url);
    if (!response.ok) return [];
    const world = (await response.json()) as Topology<Record<string, GeometryObject>>;
    return PARTS.map((part) => [part, feature(world, world.objects[part]!)]);
  } catch {
    return [];
  }
}
