// Long tables: the rows in sight, the keys that move, the texts of values.
import assert from "node:assert/strict";
import { test } from "node:test";

import { writeCsv } from "../../../layers/gpserverless/browser/source/results/csv.ts";
import type { Field, Value } from "../../../layers/gpserverless/browser/source/results/data.ts";
import { findFields, nameField, tellValue } from "../../../layers/gpserverless/browser/source/results/fields.ts";
import { moveBy } from "../../../layers/gpserverless/browser/source/results/keys.ts";
import { findScroll, findWindow, ROW } from "../../../layers/gpserverless/browser/source/results/window.ts";

test("only the rows in sight are drawn, and six more on each side", () => {
  assert.deepEqual(findWindow(0, 10 * ROW, 100_000), { first: 0, end: 16 });
  assert.deepEqual(findWindow(5000 * ROW, 10 * ROW, 100_000), { first: 4994, end: 5016 });
  assert.deepEqual(findWindow(100_000 * ROW, 10 * ROW, 100_000), { first: 99_994, end: 100_000 });
  assert.deepEqual(findWindow(5000 * ROW, 10 * ROW, 3), { first: 3, end: 3 });
  assert.deepEqual(findWindow(0, 10 * ROW, 0), { first: 0, end: 0 });
});

test("a row is brought into sight by the shortest way", () => {
  const [top, height] = [100 * ROW, 10 * ROW];
  assert.deepEqual([99, 100, 109, 110].map((place) => findScroll(place, top, height) / ROW), [99, 100, 100, 101]);
});

const MOVES: [string, number, number | undefined][] = [
  ["ArrowDown", -1, 0],
  ["ArrowUp", -1, 0],
  ["ArrowDown", 5, 6],
  ["ArrowDown", 99, 99],
  ["ArrowUp", 0, 0],
  ["PageDown", 5, 15],
  ["PageUp", 5, 0],
  ["Home", 50, 0],
  ["End", -1, 99],
  ["a", 50, undefined],
];

for (const [key, place, to] of MOVES) {
  test(`${key} moves from row ${place} to ${to}`, () => assert.equal(moveBy(key, place, 100, 10), to));
}

test("no key moves in an empty table", () => assert.equal(moveBy("End", -1, 0, 10), undefined));

const field = (type: string): Field => ({ name: "x", type: `esriFieldType${type}` });
const TEXTS: [Value, Field, string][] = [
  [null, field("String"), ""],
  [undefined, field("Double"), ""],
  ["", field("String"), ""],
  [0, field("Integer"), "0"],
  [0.1 + 0.2, field("Double"), "0.30000000000000004"],
  [1e21, field("Double"), "1e+21"],
  [0, field("Date"), "1970-01-01 00:00:00"],
  [-1, field("Date"), "1969-12-31 23:59:59.999"],
  [9e15, field("Date"), "9000000000000000"],
  ["2026-11-30", field("DateOnly"), "2026-11-30"],
  [{ a: [1] }, field("String"), '{"a":[1]}'],
];

for (const [value, of, told] of TEXTS) {
  test(`${JSON.stringify(value)} of ${of.type} is ${JSON.stringify(told)}`, () => assert.equal(tellValue(value, of), told));
}

test("columns that nobody named are those of the rows", () => {
  const rows = [{ a: null, b: 1 }, { a: "x", c: 2 }, { c: "3" }];
  const types = Object.fromEntries(findFields(undefined, rows).map(({ name, type }) => [name, type]));
  assert.deepEqual(types, { a: "esriFieldTypeString", b: "esriFieldTypeDouble", c: "esriFieldTypeString" });
});

test("times say that they are in UTC", () => {
  assert.equal(nameField({ name: "D", alias: "Day", type: "esriFieldTypeDate" }), "Day (UTC)");
});

test("CSV keeps commas, quotes and lines, and tells times for programs", () => {
  const fields = [field("String"), { name: "day", type: "esriFieldTypeDate" }];
  const rows = [{ x: 'a "b", c\nd', day: 0 }, { x: null, day: null }];
  assert.equal(writeCsv(fields, rows), 'x,day\r\n"a ""b"", c\nd",1970-01-01T00:00:00Z\r\n,\r\n');
});
