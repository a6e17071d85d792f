// The results of a task: tables that sort and select, and a map of everything that has a place.
import { find, findAll, make } from "./dom.ts";
import { COLORS } from "./map/types.ts";
import { readItems, type Item } from "./results/item.ts";
import { openResultMap } from "./results/open_map.ts";
import { showResult } from "./results/result.ts";
import { drawShareButton } from "./results/share.ts";
import { loadStyle } from "./results/style.ts";

for (const section of findAll("[data-results]")) void show(section);

async function show(section: HTMLElement): Promise<void> {
  await loadStyle();
  const items = readItems(section);
  const withPlace = items.filter(({ hasFeatures, image, extent, url, blockId }) =>
    hasFeatures ? url ?? blockId : image && extent,
  );
  const map = withPlace.length ? openResultMap(section) : undefined;
  const button = drawShareButton();
  if (button) section.prepend(make("p", { class: "share" }, button));
  let colors = 0;
  for (const [number, item] of items.entries()) {
    const id = `result-${number}`;
    const color = COLORS[(item.hasFeatures ? colors++ : 0) % COLORS.length]!;
    if (item.image && item.extent) void map?.then((opened) => opened?.addPicture(id, item));
    else if (item.image) showImage(item);
    if (!item.url && !item.blockId) continue;
    void showResult(item, (shown) => {
      if (item.hasFeatures) void map?.then((opened) => opened?.addFeatures(id, color, shown));
    });
  }
}

function showImage({ article, image = "", name }: Item): void {
  if (!find("img", article)) article.append(make("img", { src: image, alt: name, class: "picture" }));
}
