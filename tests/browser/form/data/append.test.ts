// What is drawn joins what the field has already.
import "../../page_stub.ts";

import assert from "node:assert/strict";
import { test } from "node:test";

import { appendFeatures } from "../../../../layers/gpserverless/browser/source/form/data/append.ts";
import { finishDrawn } from "../../../../layers/gpserverless/browser/source/form/data/drawn.ts";
import { convertCsv } from "../../../../layers/gpserverless/browser/source/form/data/feature_set.ts";
import { readFeatures } from "../../../../layers/gpserverless/browser/source/form/data/read.ts";

function feature(geometry: GeoJSON.Geometry): GeoJSON.Feature {
  return { type: "Feature", properties: {}, geometry };
}

const DRAWN = [feature({ type: "Point", coordinates: [7, 50] })];

function grow(base: unknown): Record<string, any> | undefined {
  const grown = appendFeatures(typeof base === "string" ? base : JSON.stringify(base), DRAWN);
  return grown === undefined ? undefined : (JSON.parse(grown) as Record<string, any>);
}

test("points in an empty field are a feature set in WGS84", () => {
  assert.deepEqual(grow(""), {
    geometryType: "esriGeometryPoint",
    spatialReference: { wkid: 4326 },
    features: [{ attributes: {}, geometry: { x: 7, y: 50 } }],
  });
});

test("a polygon runs clockwise, and its hole does not", () => {
  const outer = [[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]];
  const hole = [[1, 1], [1, 2], [2, 2], [1, 1]];
  const grown = JSON.parse(appendFeatures("", [feature({ type: "Polygon", coordinates: [outer, hole] })])!);
  assert.deepEqual(grown.features[0].geometry.rings, [[...outer].reverse(), [...hole].reverse()]);
  assert.equal(grown.geometryType, "esriGeometryPolygon");
});

test("a line is a path", () => {
  const grown = JSON.parse(appendFeatures("", [feature({ type: "LineString", coordinates: [[0, 0], [1, 1]] })])!);
  assert.deepEqual(grown.features[0].geometry, { paths: [[[0, 0], [1, 1]]] });
});

test("features that are there stay as they are", () => {
  const there = { attributes: { NAME: "Bonn" }, geometry: { x: 1, y: 2 } };
  const set = { fields: [{ name: "NAME" }], spatialReference: { wkid: 4326 }, features: [there], displayFieldName: "NAME" };
  const grown = grow(set)!;
  assert.deepEqual(grown["features"], [there, { attributes: {}, geometry: { x: 7, y: 50 } }]);
  assert.deepEqual(grown["fields"], set.fields);
});

test("a set in metres gets metres", () => {
  const grown = grow({ spatialReference: { wkid: 102100, latestWkid: 3857 }, features: [] })!;
  const { x, y } = grown["features"][0].geometry;
  // PROJ: echo 7 50 | cs2cs EPSG:4326 EPSG:3857, with longitude first
  assert.ok(Math.abs(x - 779236.4355529152) < 1e-6);
  assert.ok(Math.abs(y - 6446275.841017158) < 1e-6);
});

test("GeoJSON stays GeoJSON", () => {
  assert.deepEqual(grow({ type: "FeatureCollection", features: [] })!["features"], DRAWN);
});

for (const [name, base] of [
  ["CSV", "lon,lat\n1,2"],
  ["another system", { spatialReference: { wkid: 25832 }, features: [] }],
  ["no system", { features: [] }],
  ["another geometry", { geometryType: "esriGeometryPolygon", spatialReference: { wkid: 4326 }, features: [] }],
  ["a single feature", { type: "Feature", properties: {}, geometry: null }],
  ["a reference", { url: "https://example.org" }],
] as const) {
  test(`nothing is added to ${name}`, () => assert.equal(grow(base), undefined));
}

test("a drawing beyond the 180th meridian comes back into the world in one piece", () => {
  const drawn = [feature({ type: "LineString", coordinates: [[350, 1], [370, 2]] }), DRAWN[0]!];
  const [line, point] = finishDrawn(drawn, "esriGeometryPolyline");
  assert.deepEqual((line!.geometry as GeoJSON.LineString).coordinates, [[-10, 1], [10, 2]]);
  assert.equal(point, DRAWN[0]);
});

test("points for a multipoint are one feature", () => {
  const [one, ...others] = finishDrawn([DRAWN[0]!, DRAWN[0]!], "esriGeometryMultipoint");
  assert.deepEqual(one!.geometry, { type: "MultiPoint", coordinates: [[7, 50], [7, 50]] });
  assert.deepEqual(others, []);
});

test("CSV becomes the feature set that the wire takes", () => {
  const found = readFeatures("name,pop,zip,lon,lat\nBonn,330000,01099,7.1,50.7\nNowhere,,,,")!;
  assert.deepEqual(convertCsv(found), {
    geometryType: "esriGeometryPoint",
    spatialReference: { wkid: 4326 },
    features: [
      { attributes: { name: "Bonn", pop: 330000, zip: "01099", lon: 7.1, lat: 50.7 }, geometry: { x: 7.1, y: 50.7 } },
      { attributes: { name: "Nowhere", pop: null, zip: null, lon: null, lat: null }, geometry: null },
    ],
  });
  assert.equal(convertCsv(readFeatures("x,y\n1,2")!), undefined);
});
