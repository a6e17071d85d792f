// Rows are selected as in any list of files.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Selection, wayOf } from "../../../layers/gpserverless/browser/source/results/selection.ts";

const ORDER = [4, 2, 0, 1, 3]; // as the table is sorted

test("a click selects one row, and forgets the others", () => {
  assert.deepEqual([...new Selection([1, 2], 2).choose(3, "only", ORDER).rows], [3]);
});

test("a click with Ctrl adds a row, or removes it", () => {
  const two = new Selection([2], 2).choose(3, "toggle", ORDER);
  assert.deepEqual([...two.rows], [2, 3]);
  assert.deepEqual([...two.choose(2, "toggle", ORDER).rows], [3]);
});

test("a click with Shift selects up to a row in the order of the table, from the same start each time", () => {
  const three = new Selection([2], 2).choose(1, "range", ORDER);
  assert.deepEqual([...three.rows], [2, 0, 1]);
  assert.deepEqual([...three.choose(4, "range", ORDER).rows], [4, 2]);
});

test("a range from a row that is not shown begins anew", () => {
  assert.deepEqual([...new Selection([9], 9).choose(1, "range", ORDER).rows], [1]);
});

test("keys say how", () => {
  const event = { shiftKey: false, ctrlKey: false, metaKey: false };
  assert.deepEqual(
    [event, { ...event, metaKey: true }, { ...event, ctrlKey: true }, { ...event, ctrlKey: true, shiftKey: true }].map(wayOf),
    ["only", "toggle", "toggle", "range"],
  );
});
