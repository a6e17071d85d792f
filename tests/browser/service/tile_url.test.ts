// The pictures of the parts of a map: their size follows the screen, and the part is filled in by the map.
import assert from "node:assert/strict";
import { test } from "node:test";

import { tileUrl } from "../../../layers/gpserverless/browser/source/service/tile_url.ts";

const SERVICE = "https://gp.example.org/arcgis/rest/services/Zones/MapServer/jobs/j1";

test("the part stays a place in the URL, which is not encoded", () => {
  const url = tileUrl(SERVICE, "export", 1);
  assert.ok(url.startsWith(`${SERVICE}/export?bbox={bbox-epsg-3857}&`));
  const fields = new URL(url.replace("{bbox-epsg-3857}", "0,0,1,1")).searchParams;
  assert.equal(fields.get("bboxSR"), "3857");
  assert.equal(fields.get("imageSR"), "3857");
  assert.equal(fields.get("transparent"), "true");
  assert.equal(fields.get("f"), "image");
});

for (const [ratio, size, dpi] of [[1, "512,512", "96"], [2, "1024,1024", "192"], [1.25, "512,512", "96"], [3, "1024,1024", "192"], [0.5, "512,512", "96"]] as const) {
  test(`a screen with ${ratio} pixels to one of the page gets pictures of ${size}`, () => {
    const fields = new URL(tileUrl(SERVICE, "export", ratio).replace("{bbox-epsg-3857}", "0,0,1,1")).searchParams;
    assert.deepEqual([fields.get("size"), fields.get("dpi")], [size, dpi]);
  });
}

test("the picture of an image has an operation of its own", () => {
  assert.ok(tileUrl(SERVICE, "exportImage", 1).startsWith(`${SERVICE}/exportImage?bbox={bbox-epsg-3857}&`));
});
