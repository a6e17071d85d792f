// One result: its rows in a table that takes the place of the server's.
import { find, make } from "../dom.ts";
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
  place.before(notice.element);
  const load = async (): Promise<void> => {
    try {
      const data = await loadRows(item, notice);
      notice.tell("");
      data.messages.forEach((message) => notice.add(message));
      if (data.isExceeded) notice.tellExceeded(data.rows.length);
      then(drawTable(item, data, place));
    } catch (problem) {
      notice.fail(problem, () => void load());
    }
  };
  await load();
}

function loadRows(item: Item, notice: Notice): Promise<ResultData> {
  const text = item.blockId && document.getElementById(item.blockId)?.textContent;
  if (text) return readRows(text, item.fields);
  return fetchRows(item.url ?? "", item.fields, (bytes) => notice.count(bytes), (bytes) => notice.ask(bytes));
}

function drawTable(item: Item, data: ResultData, place: HTMLElement): ShownResult {
  const table = new ResultTable(data, item.name);
  const toolbar = new Toolbar(table, item.name);
  table.onChange = () => toolbar.show();
  const whole = make("div", { class: "rows", "data-table": true }, toolbar.element, table.element);
  if (place === item.article) place.append(whole);
  else place.replaceWith(whole);
  table.draw();
  return { item, data, table, toolbar };
}
