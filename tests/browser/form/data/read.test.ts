// The texts that a person pastes into a field of features, and what the page tells about them.
import "../../page_stub.ts";

import assert from "node:assert/strict";
import { test } from "node:test";

import { readFeatures } from "../../../../layers/gpserverless/browser/source/form/data/read.ts";
import { NoFeatures } from "../../../../layers/gpserverless/browser/source/form/data/types.ts";

const POINT = { attributes: { NAME: "Bonn", POP: 330000 }, geometry: { x: 7.1, y: 50.7 } };

function shapes(source: string): (GeoJSON.Geometry | null)[] | undefined {
  return readFeatures(source)?.features?.features.map(({ geometry }) => geometry);
}

test("a pasted feature set is counted, placed and searched for fields", () => {
  const found = readFeatures(JSON.stringify({ spatialReference: { wkid: 4326 }, features: [POINT, { attributes: { POP: 1.5 } }] }));
  assert.equal(found?.format, "Esri JSON");
  assert.equal(found.count, 2);
  assert.deepEqual(found.fields, [
    { name: "NAME", type: "esriFieldTypeString" },
    { name: "POP", type: "esriFieldTypeDouble" },
  ]);
  assert.deepEqual(found.features?.features.map(({ geometry }) => geometry), [{ type: "Point", coordinates: [7.1, 50.7] }, null]);
});

test("fields that are declared are not guessed", () => {
  const fields = [{ name: "POP", type: "esriFieldTypeDouble", alias: "People" }];
  const found = readFeatures(JSON.stringify({ fields, features: [POINT], spatialReference: { wkid: 4326 } }));
  assert.deepEqual(found?.fields, [{ name: "POP", type: "esriFieldTypeDouble" }]);
});

// The corner of the world of Web Mercator (EPSG 3857) is 20037508.34 m from its centre, at latitude 85.05113 (EPSG guidance 7-2).
for (const reference of [{ wkid: 102100 }, { wkid: 102100, latestWkid: 3857 }, { wkid: 3857 }]) {
  test(`metres of ${JSON.stringify(reference)} are shown where they are`, () => {
    const geometry = { x: 20037508.342789244, y: 20037508.342789244 };
    const [found] = shapes(JSON.stringify({ spatialReference: reference, features: [{ attributes: {}, geometry }] }))!;
    const [longitude, latitude] = (found as GeoJSON.Point).coordinates;
    assert.ok(Math.abs(longitude! - 180) < 1e-9);
    assert.ok(Math.abs(latitude! - 85.0511287798066) < 1e-9);
  });
}

test("features in a system that is not known here are counted and not shown", () => {
  const found = readFeatures(JSON.stringify({ spatialReference: { wkid: 25832 }, features: [POINT] }));
  assert.deepEqual([found?.count, found?.features, found?.system], [1, undefined, "25832"]);
});

test("features without a spatial reference are not shown anywhere", () => {
  assert.equal(readFeatures(JSON.stringify({ features: [POINT] }))?.system, "");
});

test("the spatial reference of a geometry counts where the set has none", () => {
  const geometry = { ...POINT.geometry, spatialReference: { wkid: 4326 } };
  assert.deepEqual(shapes(JSON.stringify({ features: [{ ...POINT, geometry }] })), [{ type: "Point", coordinates: [7.1, 50.7] }]);
});

test("a ring with a hole is one polygon, two rings side by side are two", () => {
  const outer = [[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]];
  const hole = [[1, 1], [2, 1], [2, 2], [1, 1]];
  const beside = [[20, 0], [20, 9], [29, 9], [29, 0], [20, 0]];
  const write = (rings: unknown) => JSON.stringify({ spatialReference: { wkid: 4326 }, features: [{ geometry: { rings } }] });
  const [one] = shapes(write([outer, hole]))!;
  const [two] = shapes(write([outer, beside, hole]))!;
  assert.equal(one?.type, "Polygon");
  assert.deepEqual((one as GeoJSON.Polygon).coordinates, [[...outer].reverse(), [...hole].reverse()]);
  assert.deepEqual((two as GeoJSON.MultiPolygon).coordinates.map((polygon) => polygon.length), [2, 1]);
});

test("a curve is shown from end to end", () => {
  const curvePaths = [[[0, 0], { c: [[3, 3], [1, 4]] }, [5, 5]]];
  const [line] = shapes(JSON.stringify({ spatialReference: { wkid: 4326 }, features: [{ geometry: { curvePaths } }] }))!;
  assert.deepEqual((line as GeoJSON.LineString).coordinates, [[0, 0], [3, 3], [5, 5]]);
});

test("a feature collection of a portal is read by its first layer", () => {
  const featureSet = { spatialReference: { wkid: 4326 }, features: [POINT] };
  assert.equal(readFeatures(JSON.stringify({ layers: [{ layerDefinition: {}, featureSet }] }))?.count, 1);
});

for (const [name, document, count] of [
  ["a collection", { type: "FeatureCollection", features: [{ type: "Feature", properties: { a: 1 }, geometry: { type: "Point", coordinates: [1, 2] } }] }, 1],
  ["an empty collection", { type: "FeatureCollection", features: [] }, 0],
  ["a feature", { type: "Feature", properties: null, geometry: null }, 1],
  ["a geometry", { type: "LineString", coordinates: [[1, 2], [3, 4]] }, 1],
] as const) {
  test(`${name} of GeoJSON is read`, () => {
    const found = readFeatures(JSON.stringify(document));
    assert.deepEqual([found?.format, found?.count], ["GeoJSON", count]);
    assert.ok(found?.features);
  });
}

test("GeoJSON of the old kind names its system", () => {
  const write = (name: string) => JSON.stringify({ type: "Point", coordinates: [0, 0], crs: { type: "name", properties: { name } } });
  assert.deepEqual(shapes(write("urn:ogc:def:crs:OGC:1.3:CRS84")), [{ type: "Point", coordinates: [0, 0] }]);
  assert.deepEqual(shapes(write("urn:ogc:def:crs:EPSG::3857")), [{ type: "Point", coordinates: [0, 0] }]);
  assert.equal(readFeatures(write("urn:ogc:def:crs:EPSG::25832"))?.system, "25832");
});

for (const [name, csv, expected] of [
  ["longitude and latitude", "name,lon,lat\nBonn,7.1,50.7\n", [[7.1, 50.7]]],
  ["capital letters and semicolons", 'Name;Longitude;Latitude\n"Bonn; am Rhein";7,1;50,7', [[7.1, 50.7]]],
  ["a quoted line end", 'lon,lat,note\r\n1,2,"two\r\nlines"\r\n3,4,', [[1, 2], [3, 4]]],
  ["a place that is not known", "lon,lat\n1,2\n,\n", [[1, 2], undefined]],
  ["x and y with their system", "x,y,srid\n0,0,3857", [[0, 0]]],
  ["well-known text with its system", 'id,wkt\n1,"SRID=4326;POINT Z (3 4 5)"', [[3, 4]]],
] as const) {
  test(`CSV with ${name} is shown`, () => {
    const found = shapes(csv)?.map((shape) => (shape as GeoJSON.Point | null)?.coordinates);
    assert.deepEqual(found, expected);
  });
}

test("CSV in a system that it does not tell is counted and not shown", () => {
  for (const csv of ["x,y\n1,2", 'wkt\n"POINT (1 2)"']) {
    const found = readFeatures(csv);
    assert.deepEqual([found?.count, found?.features, found?.system], [1, undefined, ""]);
  }
});

test("the fields of CSV have the types that all cells fit", () => {
  const found = readFeatures("lon,lat,zip,pop,share,name\n1,2,01099,5,0.5,a\n1,2,01100,,2,b");
  const types = Object.fromEntries(found!.fields.map(({ name, type }) => [name, type.replace("esriFieldType", "")]));
  assert.deepEqual(types, { lon: "Integer", lat: "Integer", zip: "String", pop: "Integer", share: "Double", name: "String" });
});

test("a table needs no place", () => {
  const found = readFeatures("name,pop\nBonn,330000", true);
  assert.deepEqual([found?.count, found?.fields.length, found?.system], [1, 2, undefined]);
});

for (const reference of ['{"url": "https://example.org/layer/0"}', '{"itemID": "i1"}', "https://example.org/a.json"]) {
  test(`${reference} is left to the server`, () => {
    assert.deepEqual([readFeatures(reference)?.format, readFeatures(reference)?.count], ["reference", undefined]);
  });
}

test("nothing is told about nothing", () => {
  assert.equal(readFeatures(" \n"), undefined);
});

for (const [name, source, sentence] of [
  ["prose", "three points near Bonn", "This is neither Esri JSON nor GeoJSON nor CSV."],
  ["a list", "[1, 2]", "The JSON is not an object with features."],
  ["another object", '{"a": 1}', "The JSON is not an object with features."],
  ["half a document", '{"features": [', "The JSON is not complete."],
  ["a slip in the second line", '{"a": 1\n"features": []}', "The JSON has a mistake in line 2."],
  ["a slip", '{"features": [1,,2]}', "The JSON has a mistake."],
  ["a number among features", '{"features": [{}, 5]}', "Feature 2 is not an object."],
  ["CSV without places", "name,pop\nBonn,5", "The CSV has no columns lon and lat, x and y, or wkt."],
] as const) {
  test(`${name} is told to be no features`, () => {
    assert.throws(() => readFeatures(source), (error) => error instanceof NoFeatures && error.message === sentence);
  });
}

test("a megabyte of quotation marks is read in a moment", () => {
  const started = performance.now();
  for (const hostile of ['"'.repeat(1e6 + 1), `lon,lat\n${" ".repeat(1e6)}`, "(".repeat(1e6), `wkt,b\n"${"(".repeat(1e5)}",1`]) {
    try {
      readFeatures(hostile);
    } catch (error) {
      assert.ok(error instanceof NoFeatures, String(error));
    }
  }
  assert.ok(performance.now() - started < 20_000);
});
