// The classes of a renderer: each row is in the class in which the server draws it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { classify } from "../../../layers/gpserverless/browser/source/results/classes.ts";

const FILL = { type: "esriSFS", style: "esriSFSSolid", color: [200, 100, 0, 204], outline: { color: [9, 9, 9, 255], width: 1.5 } };
const MARK = { type: "esriSMS", style: "esriSMSCircle", color: [0, 0, 0, 255], size: 9, outline: { color: [255, 255, 255, 255], width: 0.75 } };
const LINE = { type: "esriSLS", style: "esriSLSSolid", color: [1, 2, 3, 255], width: 3 };

const breaks = (extra = {}) => ({
  type: "classBreaks",
  field: "POP",
  minValue: 1,
  classBreakInfos: [{ classMaxValue: 5, label: "1 - 5", symbol: FILL }, { classMaxValue: 9, label: "5 - 9", symbol: FILL }],
  ...extra,
});
const values = (names: unknown[], extra = {}) => ({
  type: "uniqueValue",
  field1: "KIND",
  uniqueValueInfos: names.map((value) => ({ value, label: `is ${value}`, symbol: MARK })),
  ...extra,
});
const rowsOf = (name: string, ...cells: unknown[]) => cells.map((cell) => ({ [name]: cell }));

test("a break is the greatest number of its class", () => {
  const rows = rowsOf("POP", 0, 1, 5, 5.01, 9, 10, null, "5");
  assert.deepEqual(classify(breaks(), rows)?.numbers, [-1, 0, 0, 1, 1, -1, -1, -1]);
});

test("rows in no class have the default symbol, if there is one", () => {
  const found = classify(breaks({ defaultSymbol: FILL, defaultLabel: "No value" }), rowsOf("POP", null, 3));
  assert.deepEqual(found?.numbers, [2, 0]);
  assert.deepEqual(found?.looks.map(({ label }) => label), ["1 - 5", "5 - 9", "No value"]);
});

test("values are compared as texts, and null has its own", () => {
  const rows = rowsOf("KIND", "a", 3, 3.5, null, "", "b");
  assert.deepEqual(classify(values(["a", "3", "3.5", "<Null>", ""]), rows)?.numbers, [0, 1, 2, 3, 4, -1]);
});

test("numbers have the texts that the server writes", () => {
  const texts = ["0", "0.00001", "2.5e-7", "10000000000000000", "1e+22"]; // as in tests/toolkit/test_layer_symbols.py
  assert.deepEqual(classify(values(texts), rowsOf("KIND", -0, 1e-5, 2.5e-7, 1e16, 1e22))?.numbers, [0, 1, 2, 3, 4]);
});

test("no normalization is none", () => {
  assert.deepEqual(classify(breaks({ normalizationType: "esriNormalizeNone" }), rowsOf("POP", 3))?.numbers, [0]);
});

test("null is the empty text where null has no class", () => {
  assert.deepEqual(classify(values(["a", ""]), rowsOf("KIND", null, ""))?.numbers, [1, 1]);
});

test("values of several fields are one text", () => {
  const renderer = values(["a; 1", "a; <Null>"], { field2: "CODE", fieldDelimiter: "; " });
  const rows = [{ KIND: "a", CODE: 1 }, { KIND: "a", CODE: null }, { KIND: "b", CODE: 1 }];
  assert.deepEqual(classify(renderer, rows)?.numbers, [0, 1, -1]);
});

test("points become pixels", () => {
  const [area] = classify(breaks(), [])!.looks;
  assert.deepEqual(area, { color: "rgba(200,100,0,0.8)", edge: "rgba(9,9,9,1)", edgeWidth: 2, size: 4, label: "1 - 5" });
  const [mark] = classify(values(["a"]), [])!.looks;
  assert.deepEqual([mark!.size, mark!.edgeWidth], [6, 1]);
  const [line] = classify({ ...values([]), uniqueValueInfos: [{ value: "a", symbol: LINE }] }, [])!.looks;
  assert.deepEqual([line!.size, line!.color], [4, "rgba(1,2,3,1)"]);
});

test("other renderers leave the page its own colour", () => {
  const many = values(Array.from({ length: 251 }, (_, number) => String(number)));
  const pictures = breaks({ defaultSymbol: { type: "esriPMS", url: "a.png" } }); // they have no colour that a page could take
  const others = [undefined, { type: "simple", symbol: FILL }, breaks({ normalizationType: "esriNormalizeByLog" }), many, pictures];
  for (const renderer of others) {
    assert.equal(classify(renderer, rowsOf("POP", 1)), undefined);
  }
});
