// Features are read from a text in pieces of any size, as JSON.parse reads them from the whole.
import assert from "node:assert/strict";
import { test } from "node:test";

import { collectRows, ServerError } from "../../../layers/gpserverless/browser/source/results/collect.ts";
import { FeatureReader } from "../../../layers/gpserverless/browser/source/results/feature_reader.ts";

const NAUGHTY = ['a "quoted" text', "}],[{", '\\', '\\"', "]}", "ü€😀", '"features":[', "line\nbreak"];
const feature = (name: string, number: number) => ({
  type: "Feature",
  id: number,
  geometry: { type: "Polygon", coordinates: [[[0, 0], [1, 0.5], [1e-3, -2], [0, 0]]] },
  properties: { name, nested: { features: [{ a: [] }] } },
});
const FEATURES = NAUGHTY.map(feature);
const COLLECTION = { type: "FeatureCollection", name: 'x"features', messages: [{ description: '"features" : [' }], features: FEATURES, exceededTransferLimit: true };
const TEXTS = { compact: JSON.stringify(COLLECTION), indented: JSON.stringify(COLLECTION, undefined, 2) };

function cut(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, place) => text.slice(place * size, (place + 1) * size));
}

for (const [form, text] of Object.entries(TEXTS)) {
  for (const size of [1, 2, 3, 7, 64, 1000, 1e6]) {
    test(`${form} text in pieces of ${size} characters`, () => {
      const reader = new FeatureReader();
      assert.deepEqual(cut(text, size).flatMap((piece) => reader.push(piece)), FEATURES);
      assert.deepEqual(reader.finish(), { ...COLLECTION, features: [] });
    });
  }
}

for (const text of ["", "[", '{"features":[', '{"features":[{"a":1}', '{"features":[{"a":1}]', '{"features":[{"a":1},]}', '{"features":[{"a" 1}]}', "<html>"]) {
  test(`${text || "nothing"} is refused`, () => {
    assert.throws(() => {
      const reader = new FeatureReader();
      for (const piece of cut(text, 4)) reader.push(piece);
      reader.finish();
    }, SyntaxError);
  });
}

async function* stream(document: unknown): AsyncGenerator<string> {
  yield* cut(JSON.stringify(document), 50);
}

test("a collection becomes rows and shapes", async () => {
  const { rows, shapes, isExceeded, messages } = await collectRows(stream(COLLECTION));
  assert.deepEqual(rows, FEATURES.map(({ properties }) => properties));
  assert.deepEqual(shapes, FEATURES.map(({ geometry }) => geometry));
  assert.deepEqual([isExceeded, messages], [true, ['"features" : [']]);
});

test("the document of a result becomes rows without shapes", async () => {
  const fields = [{ name: "A", type: "esriFieldTypeInteger", alias: "a" }];
  const value = { fields, features: [{ attributes: { A: 1 } }, { attributes: { A: null } }], exceededTransferLimit: false };
  const data = await collectRows(stream({ paramName: "out", dataType: "GPRecordSet", value }));
  assert.deepEqual(data, { fields, rows: [{ A: 1 }, { A: null }], shapes: [null, null], isExceeded: false, messages: [] });
});

const SQUARE = [[0, 0], [0, 111319.49079327357], [111319.49079327357, 0], [0, 0]];
const esri = (spatialReference: unknown) => ({ value: { spatialReference, features: [{ attributes: { A: 1 }, geometry: { rings: [SQUARE] } }, { attributes: {}, geometry: null }] } });

test("Esri JSON in Web Mercator gets its places", async () => {
  const { shapes, system } = await collectRows(stream(esri({ wkid: 102100, latestWkid: 3857 })));
  assert.deepEqual([shapes[0]?.type, shapes[1], system], ["Polygon", null, undefined]);
  const [[, first, second]] = (shapes[0] as GeoJSON.Polygon).coordinates as [number[][]];
  const corners = [first, second].map((corner) => corner!.map((degrees) => degrees.toFixed(4).replace("-0.0000", "0.0000")));
  assert.deepEqual(corners, [["1.0000", "0.0000"], ["0.0000", "0.9999"]]); // counter-clockwise
});

test("Esri JSON in another reference stays a table, and says so", async () => {
  const { rows, shapes, system } = await collectRows(stream(esri({ wkid: 25832 })));
  assert.deepEqual([rows, shapes, system], [[{ A: 1 }, {}], [null, null], "25832"]);
});

test("the error of a server is told", async () => {
  const error = { code: 400, message: "Output format not supported.", details: ["geojson is on WGS 84."] };
  await assert.rejects(collectRows(stream({ error })), new ServerError("Output format not supported. geojson is on WGS 84."));
});

test("a text without features is refused", async () => {
  await assert.rejects(collectRows(stream({ type: "FeatureCollection" })), SyntaxError);
});
