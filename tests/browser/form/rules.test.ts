// The sentences beside a field before the server has seen it.
import "../page_stub.ts";

import assert from "node:assert/strict";
import { test } from "node:test";

import { checkValue, type Rule } from "../../../layers/gpserverless/browser/source/form/rules.ts";
import { isBlank, nextNumber, numberName } from "../../../layers/gpserverless/browser/source/form/row_names.ts";
import { searchSystems, type System } from "../../../layers/gpserverless/browser/source/form/search_systems.ts";
import { writeSize } from "../../../layers/gpserverless/browser/source/form/sentences.ts";
import { checkFiles } from "../../../layers/gpserverless/browser/source/form/text_files.ts";
import { checkFile, splitFile } from "../../../layers/gpserverless/browser/source/form/uploads.ts";

const ANY: Rule = { isRequired: false, isNumber: false, isWhole: false, min: "", max: "" };
const WHOLE: Rule = { ...ANY, isNumber: true, isWhole: true, min: "1", max: "10" };

for (const [value, rule, sentence] of [
  ["", ANY, ""],
  [" ", { ...ANY, isRequired: true }, "A value is required."],
  ["1.5e3", { ...ANY, isNumber: true }, ""],
  ["1,5", { ...ANY, isNumber: true }, "This is not a number."],
  ["NaN", { ...ANY, isNumber: true }, "This is not a number."],
  ["1.5", WHOLE, "This is not a whole number."],
  ["0", WHOLE, "The least is 1."],
  ["11", WHOLE, "The most is 10."],
  ["10", WHOLE, ""],
] as const) {
  test(`${JSON.stringify(value)} is told: ${sentence || "nothing"}`, () => assert.equal(checkValue(value, rule), sentence));
}

const SYSTEMS: System[] = [
  [4326, "WGS 84"], [32632, "WGS 84 / UTM zone 32N"], [25832, "ETRS89 / UTM zone 32N"],
  [3857, "WGS 84 / Pseudo-Mercator"], [2583, "Another"], [43260, "Longer"],
];

for (const [query, codes] of [
  ["4326", [4326, 43260]],
  ["EPSG:2583", [2583, 25832]],
  ["utm 32", [32632, 25832]],
  ["wgs 84", [4326, 32632, 3857]],
  ["", []],
  ["no such thing", []],
] as const) {
  test(`the search for ${JSON.stringify(query)} finds ${codes.join(", ") || "nothing"}`, () => {
    assert.deepEqual(searchSystems(SYSTEMS, query).map(([code]) => code), codes);
  });
}

test("the search shows at most twenty", () => {
  const many = Array.from({ length: 500 }, (_, code): System => [code, "zone"]);
  assert.equal(searchSystems(many, "zone").length, 20);
});

test("a new row has a number that no other has", () => {
  assert.equal(nextNumber(["A.0.0", "A.7.1", "A.each", "Another.99"], "A"), 8);
  assert.equal(nextNumber([], "A"), 0);
  assert.equal(numberName("f-A.__row__.1-list", 8), "f-A.8.1-list");
});

for (const [control, blank] of [
  [{ name: "A", type: "text", value: " " }, true],
  [{ name: "A", type: "text", value: "0" }, false],
  [{ name: "A.0.units", type: "select-one", value: "esriMeters" }, true],
  [{ name: "A", type: "select-one", value: "x" }, false],
  [{ name: "A", type: "radio", value: "x", checked: false }, true],
  [{ name: "A", type: "checkbox", value: "x", checked: true }, false],
] as const) {
  test(`${JSON.stringify(control)} is ${blank ? "" : "not "}blank`, () => assert.equal(isBlank(control), blank));
}

for (const [files, sentence] of [
  [[{ name: "a.geojson", size: 5 }], undefined],
  [[{ name: "A.CSV", size: 5 }], undefined],
  [[{ name: "a.shp", size: 5 }], "a.shp is not one of .json, .geojson, .csv, .txt."],
  [[{ name: "a.csv", size: 1 }, { name: "b.csv", size: 1 }], "Drop one file."],
  [[{ name: "a.csv", size: 6_000_000 }], "a.csv has 5.7 MB. A form takes at most 4.3 MB: upload it, or give its URL."],
] as const) {
  test(`${files.map(({ name }) => name).join(" and ")} dropped on features: ${sentence ?? "taken"}`, () => {
    assert.equal(checkFiles(files), sentence);
  });
}

const LIMITS = { maxUploadFileSize: 4, maxItemSize: 5120, allowedExtensions: ["csv", ".zip"] };

for (const [name, size, sentence] of [
  ["a.zip", 200 * 2 ** 20, undefined],
  ["a.exe", 5, "a.exe is not one of .csv, .zip."],
  ["csv", 5, "csv is not one of .csv, .zip."],
  ["a.csv", 0, "a.csv is empty."],
  ["a.csv", 251 * 2 ** 20, "a.csv has 251 MB. This page uploads at most 250 MB."],
] as const) {
  test(`${name} with ${size} bytes is ${sentence ?? "uploaded"}`, () => assert.equal(checkFile(name, size, LIMITS), sentence));
}

test("the parts of a file join to the file", () => {
  assert.deepEqual(splitFile(10, 4), [[0, 4], [4, 8], [8, 10]]);
  assert.deepEqual(splitFile(8, 4), [[0, 4], [4, 8]]);
});

test("sizes are told in the unit that people read", () => {
  assert.deepEqual([0, 1023, 1536, 4 * 2 ** 20].map(writeSize), ["0 B", "1,023 B", "1.5 kB", "4 MB"]);
});
