// The results of a task: tables that sort and select, and a map of everything that has a place.
import { find, findAll, make } from "./dom.ts";
import { COLORS } from "./map/types.ts";
import { classify, loadRenderer } from "./results/classes.ts";
import { readItems, type Item } from "./results/item.ts";
import { openResultMap } from "./results/open_map.ts";
import type { ResultMap } from "./results/result_map.ts";
import { showRaster } from "./results/raster.ts";
import { hasDrawnName } from "./results/raster_file.ts";
import { showResult, type ShownResult } from "./results/result.ts";
import { loadStyle } from "./results/style.ts";

for (const section of findAll("[data-results]")) void show(section);

async function show(section: HTMLElement): Promise<void> {
  await loadStyle();
  const items = readItems(section);
  let opened: Promise<ResultMap | undefined> | undefined;
  const open = () => (opened ??= openResultMap(section));
  if (items.some(hasPlace)) void open(); // others have a place or not, as their files say
  let colors = 0;
  for (const item of items) {
    const color = COLORS[(item.hasFeatures ? colors++ : 0) % COLORS.length]!;
    showItem(`result-${item.place}`, item, color, open);
  }
}

type Open = () => Promise<ResultMap | undefined>;

function hasPlace({ hasFeatures, url, blockId, image, extent }: Item): boolean {
  return hasFeatures ? Boolean(url ?? blockId) : Boolean(image && extent);
}

function showItem(id: string, item: Item, color: string, open: Open): void {
  const { raster } = item;
  if (item.image) void showPicture(id, item, open);
  if (raster && isDrawn(raster, item)) {
    void showRaster({ ...item, raster }, (canvas, place) => void open().then((map) => map?.addRaster(id, item, canvas, place)));
  }
  if (!item.url && !item.blockId && !item.tableUrl) return;
  void showResult(item, (shown) => {
    if (item.hasFeatures) void addFeatures(id, color, shown, open);
  });
}

async function addFeatures(id: string, color: string, shown: ShownResult, open: Open): Promise<void> {
  const { layerUrl } = shown.item;
  const [map, renderer] = await Promise.all([open(), layerUrl ? loadRenderer(layerUrl) : undefined]);
  map?.addFeatures(id, color, shown, classify(renderer, shown.data.rows));
}

/** Return whether a page draws a file: rasters by their bytes, other files only if their name says what they are. */
function isDrawn(url: string, { article }: Item): boolean {
  return article.dataset["kind"] === "raster" || hasDrawnName(url);
}

/** Show a picture on the map, else in its article. */
async function showPicture(id: string, item: Item, open: Open): Promise<void> {
  const { article, image = "", name } = item;
  if (item.extent && (await (await open())?.addPicture(id, item))) return;
  if (find("img", article)) return;
  const picture = make("img", { src: image, alt: name, class: "picture" });
  picture.addEventListener("load", () => article.append(picture)); // a raster that is no picture has its link
}
