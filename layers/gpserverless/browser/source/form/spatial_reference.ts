// Spatial references, searched by number or name in the list of all.
import systemsUrl from "static:crs.json";

import { findAll, make } from "../dom.ts";
import { text } from "../text.ts";
import { Combobox } from "./combobox.ts";
import { describe, setValue } from "./field.ts";
import { searchSystems, type System } from "./search_systems.ts";

let systems: Promise<System[]> | undefined;
let made = 0;

/** Offer a search in every field for a spatial reference. */
export function enhanceSpatialReferences(root: ParentNode): void {
  for (const input of findAll<HTMLInputElement>("input[data-spatial-reference]", root)) offerSearch(input);
}

function offerSearch(input: HTMLInputElement): void {
  const name = make("p", { class: "state", role: "status", id: `system-${++made}` });
  const box = new Combobox(input, text("Spatial references"), ({ value }) => setValue(input, value));
  input.parentElement?.after(name);
  describe(input, name.id);
  const tell = async () => {
    const found = (await loadSystems()).find(([code]) => String(code) === input.value.trim());
    name.textContent = found?.[1] ?? "";
  };
  input.addEventListener("focus", () => void loadSystems());
  input.addEventListener("input", (event) => {
    if (event.isTrusted) void search(input, box);
    void tell();
  });
  input.addEventListener("change", () => void replaceName(input));
  if (input.value) void tell();
}

async function search(input: HTMLInputElement, box: Combobox): Promise<void> {
  const query = input.value;
  const found = searchSystems(await loadSystems(), query);
  const isCurrent = input.value === query && document.activeElement === input;
  if (isCurrent) box.show(found.map(([code, name]) => ({ value: String(code), label: name })));
}

/** Replace a whole name by its number, which is what the server takes. */
async function replaceName(input: HTMLInputElement): Promise<void> {
  const typed = input.value.trim().toLowerCase();
  if (!/[a-z]/.test(typed)) return;
  const found = (await loadSystems()).filter(([, name]) => name.toLowerCase() === typed);
  if (found.length === 1 && input.value.trim().toLowerCase() === typed) setValue(input, String(found[0]![0]));
}

/** The list; without it, a number can be typed as before. */
function loadSystems(): Promise<System[]> {
  systems ??= fetch(systemsUrl)
    .then((response) => (response.ok ? (response.json() as Promise<System[]>) : []))
    .catch(() => []);
  return systems;
}
