// Rows in the order of a column, and those with the words that are looked for.
import assert from "node:assert/strict";
import { test } from "node:test";

import type { Field } from "../../../layers/gpserverless/browser/source/results/data.ts";
import { RowSearch, sortRows, turnSorting } from "../../../layers/gpserverless/browser/source/results/order.ts";

const COUNT: Field = { name: "COUNT", type: "esriFieldTypeInteger" };
const NAME: Field = { name: "NAME", type: "esriFieldTypeString" };
const DAY: Field = { name: "DAY", type: "esriFieldTypeDate" };
const ROWS = [
  { COUNT: 10, NAME: "Zone 10", DAY: 0 },
  { COUNT: 9, NAME: "zone 9", DAY: null },
  { COUNT: null, NAME: "Ärmel", DAY: 86_400_000 },
  { COUNT: -2, NAME: null, DAY: -1 },
  { COUNT: 9, NAME: "Zebra" },
];
const ALL = [...ROWS.keys()];

const SORTED: [string, Field, boolean, number[]][] = [
  ["numbers by size, equal ones as they came, none last", COUNT, false, [3, 1, 4, 0, 2]],
  ["numbers downwards, none still last", COUNT, true, [0, 1, 4, 3, 2]],
  ["texts as people sort them, numbers in them by size", NAME, false, [2, 4, 1, 0, 3]],
  ["texts downwards, none still last", NAME, true, [0, 1, 4, 2, 3]],
  ["times by time", DAY, false, [3, 0, 2, 1, 4]],
];

for (const [name, field, descending, order] of SORTED) {
  test(name, () => assert.deepEqual(sortRows(ALL, ROWS, { field, descending }), order));
}

test("some rows are sorted among themselves", () => {
  assert.deepEqual(sortRows([0, 2, 1], ROWS, { field: COUNT, descending: false }), [1, 0, 2]);
});

test("a click sorts upwards, then downwards, then not; another column starts anew", () => {
  const first = turnSorting(undefined, COUNT);
  const second = turnSorting(first, COUNT);
  assert.deepEqual([first, second, turnSorting(second, COUNT)], [
    { field: COUNT, descending: false }, { field: COUNT, descending: true }, undefined,
  ]);
  assert.deepEqual(turnSorting(second, NAME), { field: NAME, descending: false });
});

const FOUND: [string, number[]][] = [
  ["", ALL],
  ["  ", ALL],
  ["zone", [0, 1]],
  ["ZONE 10", [0]],
  ["ärmel", [2]],
  ["1970-01-02", [2]],
  ["9 zebra", [4]],
  ["zebra 10", []],
  ["null", []],
];

for (const [words, found] of FOUND) {
  test(`"${words}" finds ${found.length} rows`, () => {
    assert.deepEqual(new RowSearch(ROWS, [COUNT, NAME, DAY]).find(words), found);
  });
}

test("a hundred thousand rows are sorted and found soon", () => {
  const rows = Array.from({ length: 100_000 }, (_, number) => ({ NAME: `zone ${(number * 7919) % 100_003}` }));
  const start = performance.now();
  const found = new RowSearch(rows, [NAME]).find("zone 9");
  assert.equal(rows[sortRows(found, rows, { field: NAME, descending: false })[0]!]?.NAME, "zone 9");
  assert.ok(performance.now() - start < 20_000);
});
