// @esri/arcgis-rest-feature-service: reads a layer by its own paging, in JSON, GeoJSON and its decoder of PBF.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

import {
  getAllLayersAndTables, getFeature, getLayer, getService, queryAllFeatures, queryFeatures,
} from "@esri/arcgis-rest-feature-service";
import { ArcGISRequestError } from "@esri/arcgis-rest-request";

import { ANSWERS, BOX, CONDITION, LAYER, MAP, SERVICE, readExamples, readPlain } from "./parcels.mjs";

const byId = (one, other) => one.attributes.OBJECTID - other.attributes.OBJECTID;
const sortNumbers = ({ coordinates }) => coordinates.flat(Infinity).sort((one, other) => one - other);
const inBox = { geometry: BOX, geometryType: "esriGeometryEnvelope" };

test("a service and its layer are described", async () => {
  const service = await getService({ url: SERVICE });
  const { layers } = await getAllLayersAndTables({ url: SERVICE });
  assert.deepEqual(layers.map(({ id, name }) => ({ id, name })), service.layers.map(({ id, name }) => ({ id, name })));
  const layer = await getLayer({ url: LAYER });
  assert.deepEqual(layer.fields.map(({ name }) => name), ["OBJECTID", "NAME", "KIND", "POP", "WORTH", "DAY"]);
});

test("all features are those of the plain result", async () => {
  const { features } = await queryAllFeatures({ url: LAYER });
  const plain = readPlain();
  assert.equal(features.length, plain.length);
  features.sort(byId);
  for (const [at, feature] of features.entries()) {
    assert.deepEqual(feature.attributes, plain[at].attributes);
    assert.deepEqual(feature.geometry ?? null, plain[at].geometry ?? null);
  }
});

test("all features of a job's map are the same", async () => {
  const { layers: [{ id }] } = await getService({ url: MAP });
  const { features } = await queryAllFeatures({ url: `${MAP}/${id}`, params: { returnGeometry: false } });
  assert.deepEqual(features.sort(byId).map(({ attributes }) => attributes), readPlain().map(({ attributes }) => attributes));
});

test("boxes and conditions choose rows", async () => {
  for (const [name, asked] of Object.entries({ box: inBox, where: { where: CONDITION }, both: { where: CONDITION, ...inBox } })) {
    const { objectIds } = await queryFeatures({ url: LAYER, returnIdsOnly: true, ...asked });
    assert.deepEqual(objectIds, ANSWERS[name], name);
    const { count } = await queryFeatures({ url: LAYER, returnCountOnly: true, ...asked });
    assert.equal(count, ANSWERS[name].length, name);
  }
});

test("statistics of groups are those of the plain result", async () => {
  const outStatistics = [
    ["count", "OBJECTID", "COUNT"], ["sum", "POP", "SUM"], ["avg", "WORTH", "AVG"], ["stddev", "WORTH", "DEVIATION"], ["max", "DAY", "LAST"],
  ].map(([statisticType, onStatisticField, outStatisticFieldName]) => ({ statisticType, onStatisticField, outStatisticFieldName }));
  const { features } = await queryFeatures({ url: LAYER, outStatistics, groupByFieldsForStatistics: "KIND" });
  assert.equal(features.length, 5);
  for (const { attributes: { KIND, ...found } } of features) {
    for (const [name, value] of Object.entries(ANSWERS.kinds[KIND])) {
      assert.ok(Math.abs(found[name] - value) <= 1e-9 * Math.abs(value), `${KIND}: ${name} is ${found[name]}, not ${value}`);
    }
  }
});

test("its decoder of PBF reads what JSON has", async () => {
  const asked = { url: LAYER, where: "OBJECTID <= 500", orderByFields: "OBJECTID" };
  const plain = readPlain().slice(0, 500);
  const { features } = await queryFeatures({ ...asked, f: "pbf-as-arcgis" });
  assert.equal(features.length, 500);
  for (const [at, { attributes, geometry }] of features.entries()) {
    assert.deepEqual({ ...attributes }, plain[at].attributes);
    const pairs = [geometry, plain[at].geometry].map(({ rings }) => rings.flat(Infinity)); // it nests the rings of holes
    assert.equal(pairs[0].length, pairs[1].length);
    for (const [i, number] of pairs[0].entries()) assert.ok(Math.abs(number - pairs[1][i]) < 1e-3, `${number} is not ${pairs[1][i]}`);
  }
});

test("GeoJSON and its decoder of PBF give the same places", async () => {
  const asked = { url: LAYER, where: "OBJECTID <= 500", orderByFields: "OBJECTID" };
  const [geojson, decoded] = [await queryFeatures({ ...asked, f: "geojson" }), await queryFeatures({ ...asked, f: "pbf-as-geojson" })];
  assert.equal(decoded.features.length, 500);
  for (const [at, { geometry }] of decoded.features.entries()) {
    const [found, expected] = [geometry, geojson.features[at].geometry].map(sortNumbers); // it does not turn rings
    assert.equal(found.length, expected.length);
    for (const [i, number] of found.entries()) assert.ok(Math.abs(number - expected[i]) < 1e-7, `${number} is not ${expected[i]}`);
  }
});

test("one feature is read by its id", async () => {
  const [first] = readPlain();
  const feature = await getFeature({ url: LAYER, id: first.attributes.OBJECTID });
  assert.deepEqual(feature.attributes, first.attributes);
  assert.deepEqual(feature.geometry.rings, first.geometry.rings);
});

test("a bad condition is an error that names it, in PBF too", async () => {
  for (const f of ["json", "pbf-as-arcgis"]) {
    await assert.rejects(queryFeatures({ url: LAYER, where: "NOTHING > 5", f }), (error) => {
      assert.ok(error instanceof ArcGISRequestError);
      assert.equal(error.code, 400);
      return true;
    });
  }
});

test("the example in the documents runs", async () => {
  const [code] = readExamples("js");
  const { stdout } = await promisify(execFile)("node", ["--input-type=module", "--eval", code], { cwd: import.meta.dirname, timeout: 180_000 });
  assert.equal(stdout, "true\n");
});
