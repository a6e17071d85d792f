// The map and the drawing of the pages in headless Chromium, under the policy of the pages.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";

import { chromium } from "playwright-core";

import { NAMES, serveStatic } from "./static-site.mjs";

const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";
const QUIET = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"];
const SOFTWARE = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const PAGE = `<!doctype html><html lang="en"><title>Map</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/${NAMES["style.css"]}"><link rel="stylesheet" href="/own.css">
<script type="application/json" id="texts">{"Undo": "Rückgängig"}</script><div id="map"></div></html>`;
const FILES = { "/": PAGE, "/own.css": "body { margin: 0 } #map { height: 100vh }" };
const SCRIPTS = [`/static/${NAMES["map.js"]}`, `/static/${NAMES["draw.js"]}`];

let site;
let browser;
let page;
let problems;

before(async () => {
  site = await serveStatic(FILES);
  browser = await launch(SOFTWARE);
});

after(async () => {
  await browser?.close();
  site?.close();
});

function launch(args) {
  return chromium.launch({ executablePath: EXECUTABLE, chromiumSandbox: false, args: [...QUIET, ...args] });
}

async function open(options = {}, program = browser) {
  await page?.close();
  page = await program.newPage({ viewport: { width: 480, height: 320 }, ...options });
  problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await page.goto(site.url);
}

/** Open a map on central Europe; `near` makes a square around a place. */
async function openMap(options) {
  await open(options);
  await page.evaluate(async ([map]) => {
    const { openMap } = await import(map);
    window.map = await openMap(document.getElementById("map"));
    map = window.map;
    map.map.jumpTo({ center: [10, 50], zoom: 3.5 });
    window.square = (x, y, size) => ({
      type: "Feature",
      properties: { x, y },
      geometry: { type: "Polygon", coordinates: [[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]] },
    });
    window.collect = (features) => ({ type: "FeatureCollection", features });
    window.until = (name) => new Promise((resolve) => window.map.map.once(name, () => resolve())); // not the map itself
    window.idle = () => until("idle");
    window.at = (lng, lat) => window.map.map.project([lng, lat]);
    window.selected = [];
    window.map.onSelect((...found) => window.selected.push(found.slice(0, 2)));
    await window.idle();
  }, SCRIPTS);
}

/** Put everything as it was when the map was opened. */
function reset() {
  return page.evaluate(async () => {
    for (const id of ["zones", "inputs", "raster", "many"]) map.removeLayer(id);
    selected.length = 0;
    map.map.jumpTo({ center: [10, 50], zoom: 3.5 });
    map.map.triggerRepaint();
    await idle();
  });
}

async function addZones() {
  await page.evaluate(async () => {
    map.addLayer("zones", collect([square(2, 48, 3), square(12, 48, 3)]), { color: "--map-1" });
    map.addLayer("inputs", collect([{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [9, 52] } }]),
      { color: "--map-2", quiet: true });
    await idle();
  });
}

async function click(lng, lat) {
  const { x, y } = await page.evaluate(([lng, lat]) => at(lng, lat), [lng, lat]);
  await page.mouse.click(x, y);
}

/** The colour of a pixel of the map. */
async function color(lng, lat) {
  const { x, y } = await page.evaluate(([lng, lat]) => at(lng, lat), [lng, lat]);
  const picture = (await page.screenshot({ clip: { x: Math.round(x), y: Math.round(y), width: 1, height: 1 } })).toString("base64");
  return page.evaluate(async (picture) => {
    const bytes = Uint8Array.from(atob(picture), (each) => each.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  }, picture);
}

const near = (one, other) => one.every((each, i) => Math.abs(each - other[i]) < 12);

describe("a map", () => {
  before(() => openMap());
  beforeEach(reset);

  test("shows the world, tells its source, and breaks no rule of the policy", async () => {
    assert.ok(near(await color(3, 43.4), [0xf8, 0xf7, 0xf3]) || near(await color(2, 47), [0xf8, 0xf7, 0xf3]), "France is land");
    assert.ok(near(await color(-4, 46), [0xdb, 0xe7, 0xee]), "Biscay is water");
    assert.match(await page.textContent(".maplibregl-ctrl-attrib"), /Natural Earth/);
    assert.deepEqual(problems, []);
  });

  test("follows the device from light to dark, with its layers", async () => {
    await addZones();
    await page.emulateMedia({ colorScheme: "dark" });
    await page.evaluate(() => idle());
    assert.ok(near(await color(-4, 46), [0x0e, 0x17, 0x18]), "water is dark");
    await click(13, 49);
    await page.emulateMedia({ colorScheme: "light" });
    assert.deepEqual(await page.evaluate(() => selected), [["zones", 1]]);
  });

  test("tells which feature a click meets, and that it meets none", async () => {
    await addZones();
    await click(3, 49);
    await click(9.05, 52.02);
    await click(20, 47);
    assert.deepEqual(await page.evaluate(() => selected), [["zones", 0], ["inputs", 0], [null, null]]);
  });

  test("lets features stand out, one selection after another", async () => {
    await addZones();
    const quiet = await color(13.5, 49.5);
    await page.evaluate(async () => (map.highlight("zones", [1]), await idle()));
    assert.ok(!near(await color(13.5, 49.5), quiet));
    await page.evaluate(async () => (map.highlight("zones", [0]), await idle()));
    assert.ok(near(await color(13.5, 49.5), quiet));
  });

  test("hides and removes layers", async () => {
    await addZones();
    await page.evaluate(async () => (map.setVisible("zones", false), await idle()));
    await click(3, 49);
    await page.evaluate(async () => (map.setVisible("zones", true), map.removeLayer("zones"), map.removeLayer("nothing"), await idle()));
    await click(3, 49);
    assert.deepEqual(await page.evaluate(() => selected), [[null, null], [null, null]]);
  });

  test("shows all layers, some of them, one feature, or a rectangle", async () => {
    await addZones();
    const shown = (call) => page.evaluate(async (call) => {
      const { map: inner } = map;
      const moved = until("moveend");
      call === "all" ? map.fit() : call === "inputs" ? map.fit(["inputs"]) : call === "one" ? map.zoomTo("zones", [0]) : map.fit([20, 30, 30, 40]);
      await moved;
      const bounds = inner.getBounds();
      return { centre: inner.getCenter().toArray().map(Math.round), holds: bounds.contains([2, 48]) && bounds.contains([15, 51]) };
    }, call);
    assert.equal((await shown("all")).holds, true);
    assert.deepEqual((await shown("inputs")).centre, [9, 52]);
    assert.deepEqual((await shown("one")).centre, [4, 50]);
    assert.deepEqual((await shown("rectangle")).centre, [25, 35]);
  });

  test("draws a picture under the features, its rows where the parallels are", async () => {
    const picture = await page.evaluate(() => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [10, 10];
      const context = canvas.getContext("2d");
      context.fillStyle = "#ff0000";
      context.fillRect(0, 0, 10, 5);
      context.fillStyle = "#0000ff";
      context.fillRect(0, 5, 10, 5);
      return canvas.toDataURL().split(",")[1];
    });
    FILES["/picture.png"] = Buffer.from(picture, "base64");
    await page.evaluate(async () => (await map.addImage("raster", "/picture.png", [-10, 20, 30, 70]), map.map.jumpTo({ center: [10, 50], zoom: 2.5 }), await idle()));
    const [red, blue] = [await color(8.5, 46.8), await color(10, 43)];
    assert.ok(red[0] > 200 && red[2] < 80, `${red}: above 45 degrees`);
    assert.ok(blue[2] > 200 && blue[0] < 80, `${blue}: below 45 degrees`);
  });

  for (const [count, seconds] of [[10_000, 60], [100_000, 180]]) {
    test(`opens ${count} polygons, moves them and tells which was met`, async (context) => {
      const measured = await page.evaluate(async (count) => {
        const side = Math.ceil(Math.sqrt(count));
        const step = 20 / side;
        const features = Array.from({ length: count }, (_, i) => square((i % side) * step, 40 + Math.floor(i / side) * step, step * 0.8));
        const begun = performance.now();
        map.addLayer("many", collect(features), { color: "--map-1" });
        map.map.jumpTo({ center: [10, 50], zoom: 3.5 });
        await idle();
        const opened = performance.now() - begun;
        let frames = 0;
        map.map.on("render", () => frames++);
        map.map.panBy([100, 0], { duration: 2000 });
        await until("moveend");
        map.map.jumpTo({ center: [10, 50], zoom: 9 });
        await idle();
        return { opened, frames };
      }, count);
      context.diagnostic(`${Math.round(measured.opened)} ms to open, ${measured.frames / 2} frames a second with a software GL`);
      assert.ok(measured.opened < seconds * 1000);
      assert.ok(measured.frames >= 1);
      const side = Math.ceil(Math.sqrt(count));
      const column = Math.floor(side / 2);
      await click((column + 0.4) * (20 / side), 40 + (column + 0.4) * (20 / side));
      assert.deepEqual(await page.evaluate(() => selected), [["many", column * side + column]]);
    });
  }
});

test("a browser without WebGL is told apart", async () => {
  const program = await launch(["--disable-3d-apis"]);
  try {
    await open({}, program);
    const name = await page.evaluate(
      async ([map]) => (await import(map)).openMap(document.getElementById("map")).catch((error) => error.name), SCRIPTS,
    );
    assert.equal(name, "NoWebGL");
  } finally {
    page = undefined;
    await program.close();
  }
});

describe("a drawing", () => {
  const CORNERS = [[140, 160], [240, 120], [330, 220]];

  before(() => openMap());
  beforeEach(reset);
  afterEach(() => page.evaluate(() => drawing.stop()));

  async function draw(kind) {
    await page.evaluate(async ([, draw, kind]) => {
      const { startDrawing } = await import(draw);
      window.changes = [];
      window.drawing = startDrawing(map, kind, (features) => changes.push(features));
    }, [...SCRIPTS, kind]);
  }

  const press = (name) => page.getByRole("button", { name, exact: true }).click();
  const drawn = () => page.evaluate(() => changes.at(-1).map(({ geometry }) => geometry));

  async function clickAll(places) {
    for (const [x, y] of places) {
      await page.mouse.move(x - 20, y);
      await page.mouse.click(x, y);
    }
  }

  /** The place of a pixel, as the map has it. */
  const place = ([x, y]) => page.evaluate(([x, y]) => map.map.unproject([x, y]).toArray(), [x, y]);

  function assertNear(one, other) {
    one.forEach((each, i) => assert.ok(Math.abs(each - other[i]) < 1e-6, `${one} is not ${other}`));
  }

  test("of points tells each, and takes them back", async () => {
    await draw("point");
    await clickAll(CORNERS);
    const points = await drawn();
    assert.deepEqual(points.map(({ type }) => type), ["Point", "Point", "Point"]);
    for (const [i, point] of points.entries()) assertNear(point.coordinates, await place(CORNERS[i]));
    await press("Rückgängig");
    assert.equal((await drawn()).length, 2);
    await page.keyboard.press("Control+z");
    await page.locator("canvas").focus();
    await page.keyboard.press("Control+z");
    assert.equal((await drawn()).length, 0);
    assert.equal(await page.getByRole("button", { name: "Clear" }).isDisabled(), true);
    assert.deepEqual(problems, []);
  });

  for (const [kind, type, corners] of [["polygon", "Polygon", 4], ["line", "LineString", 3]]) {
    test(`of a ${kind} ends with a key or a button`, async () => {
      await draw(kind);
      await clickAll(CORNERS);
      assert.deepEqual(await page.evaluate(() => drawing.features()), [], "it is not finished");
      await page.keyboard.press("Enter");
      await clickAll(CORNERS.map(([x, y]) => [x - 60, y + 60]));
      await press("Finish");
      const shapes = await drawn();
      assert.deepEqual(shapes.map((each) => each.type), [type, type]);
      assert.equal(shapes[0].coordinates.flat(type === "Polygon" ? 1 : 0).length, corners);
      await press("Clear");
      assert.deepEqual(await drawn(), []);
    });
  }

  test("of a rectangle keeps the last one", async () => {
    await draw("rectangle");
    for (const [from, to] of [[[100, 120], [200, 220]], [[220, 100], [330, 200]]]) {
      await page.mouse.click(...from);
      await page.mouse.move(from[0] + 50, from[1] + 50);
      await page.mouse.click(...to);
    }
    const shapes = await drawn();
    assert.equal(shapes.length, 1);
    const [west, north] = await place([220, 100]);
    assertNear([Math.min(...shapes[0].coordinates[0].map(([x]) => x)), Math.max(...shapes[0].coordinates[0].map(([, y]) => y))], [west, north]);
  });

  test("by keyboard puts corners at the centre, below which the map moves", async () => {
    await draw("polygon");
    await page.locator("canvas").focus();
    for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft"]) {
      await page.keyboard.press("Space");
      const moved = page.evaluate(() => until("moveend"));
      await page.keyboard.press(key);
      await moved;
    }
    assert.equal(await page.getByRole("button", { name: "Add a corner here" }).isVisible(), true);
    await page.keyboard.press("Enter");
    const [shape] = await drawn();
    assertNear(shape.coordinates[0][0], [10, 50]);
    assert.equal(shape.coordinates[0].length, 4);
  });

  test("takes up what was drawn before, and no other kind", async () => {
    await draw("point");
    const taken = await page.evaluate(() => drawing.setFeatures([
      { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [8.123456789, 50] } },
      { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [500, 50] } },
      square(1, 2, 3),
    ]));
    assert.equal(taken, 1);
    assert.deepEqual(await drawn(), [{ type: "Point", coordinates: [8.1234568, 50] }]);
  });

  test("ends, and clicks select again", async () => {
    await draw("point");
    await addZones();
    await click(3, 49);
    await page.evaluate(() => drawing.stop());
    await click(3, 49);
    assert.deepEqual(await page.evaluate(() => selected), [["zones", 0]]);
    assert.equal(await page.getByRole("button", { name: "Clear" }).count(), 0);
  });

  test("by touch is finished with a button of 40 pixels", async () => {
    await openMap({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 420 } });
    await draw("polygon");
    for (const [x, y] of [[100, 200], [200, 150], [250, 300]]) await page.touchscreen.tap(x, y);
    const button = page.getByRole("button", { name: "Finish" });
    assert.ok((await button.boundingBox()).height >= 40);
    await button.tap();
    assert.equal((await drawn())[0].coordinates[0].length, 4);
  });
});

describe("a world that cannot be had leaves the water, and whatever is shown on it", () => {
  const worlds = {
    "that is not there": { status: 404, body: "" },
    "that is no JSON": { body: "<html>sign in to this network</html>" },
    "that is no world": { body: '{"objects": {}}' },
    "that is null": { body: "null" },
    "that has no arcs": { body: '{"type": "Topology", "objects": {"land": {"type": "Polygon", "arcs": [[7]]}}}' },
  };
  for (const [name, answer] of Object.entries({ ...worlds, "that nobody answers for": undefined })) {
    test(name, async () => {
      await open();
      const asked = [];
      await page.route("**/world-*.json", (route) => {
        asked.push(route.request().url());
        return answer ? route.fulfill({ contentType: "application/json", ...answer }) : route.abort();
      });
      const shown = await page.evaluate(async ([script]) => {
        const { openMap } = await import(script);
        const { map } = await openMap(document.getElementById("map"));
        map.jumpTo({ center: [10, 50], zoom: 5 }); // near: both worlds are asked for
        await new Promise((resolve) => map.once("idle", resolve));
        return [map.queryRenderedFeatures({ layers: ["land"] }).length, map.getLayer("water") !== undefined];
      }, SCRIPTS);
      await page.waitForLoadState("networkidle");
      assert.deepEqual(shown, [0, true]);
      assert.equal(asked.length, 2);
      assert.deepEqual(problems.filter((problem) => !/Failed to load resource/.test(problem)), []);
    });
  }
});
