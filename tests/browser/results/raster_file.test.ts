// What a file is, by its first bytes and by its name.
import assert from "node:assert/strict";
import { test } from "node:test";

import { fetchBytes, findKind, hasDrawnName, MOST_BYTES, NotLoaded, TooLarge } from "../../../layers/gpserverless/browser/source/results/raster_file.ts";

const KINDS: [string, number[], string | undefined][] = [
  ["TIFF of Intel", [0x49, 0x49, 42, 0, 8], "tiff"],
  ["TIFF of Motorola", [0x4d, 0x4d, 0, 42, 0], "tiff"],
  ["BigTIFF", [0x49, 0x49, 43, 0, 8], "tiff"],
  ["PNG", [0x89, 0x50, 0x4e, 0x47, 13], "png"],
  ["JPEG", [0xff, 0xd8, 0xff, 0xe0], "jpeg"],
  ["an Esri ASCII grid", [...Buffer.from("ncols 4")], undefined],
  ["nothing", [], undefined],
];

for (const [name, bytes, kind] of KINDS) test(`the bytes of ${name}`, () => assert.equal(findKind(Uint8Array.from(bytes)), kind));

const NAMES: [string, boolean][] = [
  ["https://store.example/jobs/j1/map.PNG?X-Amz-Signature=1", true],
  ["/arcgis/rest/directories/jobs/a.tif", true],
  ["https://store.example/report.pdf?name=a.png", false],
  ["https://store.example/png", false],
];

for (const [url, isDrawn] of NAMES) test(`the name of ${url}`, () => assert.equal(hasDrawnName(url), isDrawn));

const withFetch = async (answer: () => Response, work: () => Promise<unknown>) => {
  const kept = globalThis.fetch;
  globalThis.fetch = () => Promise.resolve(answer());
  await work().finally(() => (globalThis.fetch = kept));
};

test("bytes come in the order of their pieces, and are counted", () =>
  withFetch(
    () => new Response(new ReadableStream({ start: (to) => (to.enqueue(Uint8Array.of(1, 2)), to.enqueue(Uint8Array.of(3)), to.close()) })),
    async () => {
      const counts: number[] = [];
      assert.deepEqual([...(await fetchBytes("/a.tif", (size) => counts.push(size)))], [1, 2, 3]);
      assert.deepEqual(counts, [2, 3]);
    },
  ));

test("a file that is announced too large is not read", () =>
  withFetch(
    () => new Response("x", { headers: { "content-length": String(MOST_BYTES + 1) } }),
    () => assert.rejects(fetchBytes("/a.tif", () => assert.fail("it was read")), TooLarge),
  ));

test("a file that becomes too large is left", () =>
  withFetch(
    () => new Response(new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(8e6)) })),
    () => assert.rejects(fetchBytes("/a.tif", () => undefined), TooLarge),
  ));

test("a refusal is no file", () =>
  withFetch(
    () => new Response("Forbidden", { status: 403 }),
    () => assert.rejects(fetchBytes("/a.tif", () => undefined), NotLoaded),
  ));
