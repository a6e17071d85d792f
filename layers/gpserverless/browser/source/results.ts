// The results of a task: tables that sort and select, and a map of everything that has a place.
import { find, findAll, make } from "./dom.ts";
import { COLORS } from "./map/types.ts";
import { readItems, type Item } from "./results/item.ts";
import { openResultMap } from "./results/open_map.ts";
import type { ResultMap } from "./results/result_map.ts";
import { showResult } from "./results/result.ts";
import { loadStyle } from "./results/style.ts";

for (const section of findAll("[data-results]")) void show(section);

async function show(section: HTMLElement): Promise<void> {
  await loadStyle();
  const items = readItems(section);
  const map = items.some(hasPlace) ? openResultMap(section) : Promise.resolve(undefined);
  let colors = 0;
  for (const item of items) {
    const color = COLORS[(item.hasFeatures ? colors++ : 0) % COLORS.length]!;
    showItem(`result-${item.place}`, item, color, map);
  }
}

function hasPlace({ hasFeatures, url, blockId, image, extent }: Item): boolean {
  return hasFeatures ? Boolean(url ?? blockId) : Boolean(image && extent);
}

function showItem(id: string, item: Item, color: string, map: Promise<ResultMap | undefined>): void {
  if (item.image) void showPicture(id, item, map);
  if (!item.url && !item.blockId && !item.tableUrl) return;
  void showResult(item, (shown) => {
    if (item.hasFeatures) void map.then((opened) => opened?.addFeatures(id, color, shown));
  });
}

/** Show a raster on the map, else in its article. */
async function showPicture(id: string, item: Item, map: Promise<ResultMap | undefined>): Promise<void> {
  const { article, image = "", name } = item;
  if (item.extent && (await (await map)?.addPicture(id, item))) return;
  if (find("img", article)) return;
  const picture = make("img", { src: image, alt: name, class: "picture" });
  picture.addEventListener("load", () => article.append(picture)); // a raster that is no picture has its link
}
