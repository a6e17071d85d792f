// The values that the snippets show are those that the form sends.
import assert from "node:assert/strict";
import { test } from "node:test";

import { writeValue } from "../../../layers/gpserverless/browser/source/form/styles.ts";
import { joinValue, type Part, type Value } from "../../../layers/gpserverless/browser/source/form/values.ts";

function part(name: string, text: string, kind: Part["kind"] = "text"): Part {
  return { name, text, kind };
}

const SIDES = ["xmin", "ymin", "xmax", "ymax"].map((side, index) => part(`A.${side}`, String(index), "number"));

const CASES: [string, Part[], Value | undefined, boolean?][] = [
  ["a text", [part("A", "a b")], "a b"],
  ["a number", [part("A", "2.5", "number")], 2.5],
  ["no number", [part("A", "two", "number")], "two"],
  ["a truth value", [part("A", "false", "boolean")], false],
  ["a moment in UTC", [part("A", "1970-01-02T00:00", "date")], 86_400_000],
  ["nothing", [part("A", "")], undefined],
  ["a distance", [part("A.number", "5", "number"), part("A.units", "esriMeters")], { distance: 5, units: "esriMeters" }],
  ["an area", [part("A.number", "5", "number"), part("A.units", "esriSquareMeters")], { area: 5, units: "esriSquareMeters" }],
  ["a span", [part("A.number", "5", "number"), part("A.units", "esriTimeUnitsDays")], { time: 5, units: "esriTimeUnitsDays" }],
  ["a unit without a number", [part("A.number", ""), part("A.units", "esriMeters")], undefined],
  ["an extent", [...SIDES, part("A.wkid", "4326", "number")], { xmin: 0, ymin: 1, xmax: 2, ymax: 3, spatialReference: { wkid: 4326 } }],
  ["an extent without a system", SIDES, { xmin: 0, ymin: 1, xmax: 2, ymax: 3 }],
  ["half an extent", SIDES.slice(2), undefined],
  ["a composite", [part("A.type", "GPString"), part("A.value", "x")], { dataType: "GPString", value: "x" }],
  ["a list", [part("A.each", "1"), part("A", "x"), part("A", ""), part("A", "y")], ["x", "y"], true],
  ["a list of one", [part("A", "x")], ["x"], true],
  ["a table", [part("A.0.0", "x"), part("A.0.1", "1", "number"), part("A.2.0", "y")], [["x", 1], ["y"]]],
  ["a text with lines", [part("A", ""), part("A.lines", "x\ny")], "x\ny"],
  ["JSON before its parts", [part("A", '{"distance":1}', "json"), part("A.number", "5", "number")], { distance: 1 }],
  ["features", [part("A", '{"features":[]}', "json")], { features: [] }],
  ["CSV", [part("A", "lon,lat\n1,2", "json")], "lon,lat\n1,2"],
];

for (const [name, parts, expected, isList = false] of CASES) {
  test(`${name} is joined`, () => assert.deepEqual(joinValue("A", parts, isList), expected));
}

const WRITTEN: [string, Value | undefined, string, string, string][] = [
  ["nothing", undefined, "", "undefined", "None"],
  ["a text", `it's "5" & é`, "it%27s%20%225%22%20%26%20%C3%A9", '"it\'s \\"5\\" & é"', '"it\'s \\"5\\" & é"'],
  ["a truth value", true, "true", "true", "True"],
  ["a number", 2.5, "2.5", "2.5", "2.5"],
  ["an object", { a: [null, false] }, "%7B%22a%22%3A%5Bnull%2Cfalse%5D%7D", '{"a":[null,false]}', '{"a": [None, False]}'],
  ["half a character", "\ud83d", "%EF%BF%BD", '"\\ud83d"', '"\\ud83d"'],
];

for (const [name, value, url, json, python] of WRITTEN) {
  test(`${name} is written in every language`, () => {
    assert.deepEqual([writeValue(value, "url"), writeValue(value, "json"), writeValue(value, "python")], [url, json, python]);
  });
}

test("a value cannot leave the apostrophes of a shell", () => {
  assert.equal(writeValue("it's; rm", "shell"), "it'\\''s; rm");
  assert.equal(writeValue({ a: "'" }, "shell"), `{"a":"'\\''"}`);
});
