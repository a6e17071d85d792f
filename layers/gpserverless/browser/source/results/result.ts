// One result: its rows in a table that takes the place of the server's.
import { find, findAll, make } from "../dom.ts";
import { ServerError } from "./collect.ts";
import type { ResultData } from "./data.ts";
import type { Item } from "./item.ts";
import { fetchRows, readRows } from "./load.ts";
import { Notice } from "./notice.ts";
import { ResultTable } from "./table.ts";
import { Toolbar } from "./toolbar.ts";

/** A result whose rows are in a table. */
export interface ShownResult {
  item: Item;
  data: ResultData;
  table: ResultTable;
  toolbar: Toolbar;
}

/** Load a result and show its table; `then` is called when it is there, perhaps only after a person has agreed. */
export async function showResult(item: Item, then: (shown: ShownResult) => void): Promise<void> {
  const place = find("[data-table]", item.article) ?? item.article;
  const notice = new Notice();
  if (place === item.article) place.insertBefore(notice.element, find(".formats", place));
  else place.before(notice.element);
  const load = async (): Promise<void> => {
    try {
      const data = await loadRows(item, notice);
      notice.tell("");
      data.messages.forEach((message) => notice.add(message));
      if (data.system) notice.tellSystem(data.system);
      if (data.isExceeded) notice.tellExceeded(data.rows.length, item.isLayer);
      then(drawTable(item, data, place));
    } catch (problem) {
      notice.fail(problem, () => void load());
    }
  };
  await load();
}

/** Load the rows: as GeoJSON, and as Esri JSON where the server does not rewrite so many. */
async function loadRows(item: Item, notice: Notice): Promise<ResultData> {
  const { blockId, url, tableUrl, fields } = item;
  const text = blockId && document.getElementById(blockId)?.textContent;
  if (text) return readRows(text, fields);
  const load = (from: string) => fetchRows(from, fields, (bytes) => notice.count(bytes), (bytes) => notice.ask(bytes));
  if (!url) return load(tableUrl ?? "");
  try {
    return await load(url);
  } catch (problem) {
    if (!(problem instanceof ServerError) || !tableUrl) throw problem;
    return await load(tableUrl);
  }
}

function drawTable(item: Item, data: ResultData, place: HTMLElement): ShownResult {
  const table = new ResultTable(data, item.title);
  const toolbar = new Toolbar(table, item);
  table.onChange = () => toolbar.show();
  const { article } = item;
  for (const each of findAll("p.count, p.note:not(.warning)", article)) each.remove(); // of the server's first rows
  const whole = make("div", { class: "result-rows", "data-table": true }, toolbar.element, table.element);
  if (place === article) place.insertBefore(whole, find(".formats", article));
  else place.replaceWith(whole);
  table.draw();
  return { item, data, table, toolbar };
}
