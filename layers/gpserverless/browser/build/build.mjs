// @ts-check
// `node build/build.mjs [FOLDER]`: build every script, style and data file of the pages.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { StaticFolder } from "./folder.mjs";
import { staticUrls } from "./static_urls.mjs";
import { makeWorld } from "./world.mjs";

const HERE = fileURLToPath(new URL("../", import.meta.url));
const PAGES = fileURLToPath(new URL("../../python/gpserverless/pages/", import.meta.url));

const STYLES = [`${PAGES}style.css`, `${HERE}source/map/map.css`, `${HERE}source/results/results.css`, `${HERE}source/form/form.css`];
const SCRIPTS = ["page", "form", "job", "results", "service", "map/map", "map/draw"];
const WORKER = `${HERE}node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs`;
const WEB_ASSEMBLY = ["lerc", "zstddec"]; // what geotiff would load for some rasters, and the policy of the pages forbids
const BROWSERS = ["chrome111", "firefox114", "safari16.4"];

/** @type {import("esbuild").BuildOptions} */
const OPTIONS = {
  absWorkingDir: HERE,
  bundle: true,
  minify: true,
  write: false,
  target: BROWSERS,
  charset: "utf8",
  legalComments: "inline", // the licences ask for their notices
  outdir: "out",
  logLevel: "warning",
};

/** @param {StaticFolder} folder */
async function addStyles(folder) {
  const { outputFiles = [] } = await build({ ...OPTIONS, entryPoints: STYLES, entryNames: "[name]", loader: { ".svg": "dataurl" } });
  for (const file of outputFiles) folder.add(basename(file.path), file.contents);
}

/** @param {StaticFolder} folder */
async function addScripts(folder) {
  const { outputFiles = [] } = await build({
    ...OPTIONS,
    entryPoints: SCRIPTS.map((name) => ({ in: `source/${name}.ts`, out: basename(name) })),
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    format: "esm",
    splitting: true,
    external: WEB_ASSEMBLY,
    plugins: [staticUrls(folder.names)],
  });
  for (const file of outputFiles) {
    const full = basename(file.path);
    folder.addNamed(full.startsWith("part-") ? full : full.replace(/-[0-9A-Z]{8}\./, "."), full, file.contents);
  }
}

const folder = new StaticFolder();
await addStyles(folder);
folder.add("map-worker.js", await readFile(WORKER));
for (const scale of /** @type {const} */ (["110m", "50m"])) folder.add(`world-${scale}.json`, await makeWorld(scale));
folder.add("crs.json", await readFile(`${HERE}data/crs.json`));
await addScripts(folder);
await folder.write(process.argv[2] ?? `${PAGES}static`);
console.log(folder.describe());
