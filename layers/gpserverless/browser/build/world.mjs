// @ts-check
// The world of the maps: Natural Earth (public domain), as the package world-atlas has it.
//
// world-atlas joins what the 180th meridian divides, as a sphere wants it. A plane wants it cut: d3-geo does that.
import { readFile } from "node:fs/promises";

import { geoEquirectangular } from "d3-geo";
import { geoProject } from "d3-geo-projection";
import { merge, mesh, quantize } from "topojson-client";
import { topology } from "topojson-server";

const STEPS = { "110m": 18001, "50m": 36001 }; // across the world: less than a pixel of where the scale is shown

const PLANE = geoEquirectangular()
  .scale(180 / Math.PI)
  .translate([0, 0])
  .precision(0);

/**
 * Return land, coasts and borders as TopoJSON.
 * @param {"110m" | "50m"} scale
 */
export async function makeWorld(scale) {
  const file = new URL(`../node_modules/world-atlas/countries-${scale}.json`, import.meta.url);
  const atlas = JSON.parse(await readFile(file, "utf8"));
  const { countries } = atlas.objects;
  const parts = {
    land: merge(atlas, countries.geometries), // not the atlas' own land, which has no Caspian Sea
    coast: mesh(atlas, countries, (one, other) => one === other),
    border: mesh(atlas, countries, (one, other) => one !== other),
  };
  const cut = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, turnUp(geoProject(part, PLANE))]));
  const whole = /** @type {any} */ (topology(cut));
  return JSON.stringify(quantize(whole, STEPS[scale]));
}

/**
 * Turn ordinates upwards. The projection must not: it would take holes for islands.
 * @template {GeoJSON.MultiPolygon | GeoJSON.MultiLineString} G
 * @param {G} geometry
 * @returns {G}
 */
function turnUp(geometry) {
  return { ...geometry, coordinates: turnAll(geometry.coordinates) };
}

/**
 * @param {any[]} coordinates
 * @returns {any[]}
 */
function turnAll(coordinates) {
  const [x, y] = coordinates;
  return typeof x === "number" ? [x, -y] : coordinates.map(turnAll);
}
