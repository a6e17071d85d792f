// Every page: buttons that copy.
import { findAll } from "./dom.ts";
import { text } from "./text.ts";

const SHOWN = 2000; // milliseconds for which a button says that it has copied

for (const button of findAll<HTMLButtonElement>("button[data-copy]")) {
  if (!navigator.clipboard) break; // pages without TLS have none
  button.hidden = false;
  button.addEventListener("click", () => void copy(button));
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const source = document.querySelector(button.dataset["copy"] ?? "");
  if (!source) return;
  const label = button.textContent ?? "";
  await navigator.clipboard.writeText(source.textContent ?? "");
  button.textContent = text("Copied");
  button.disabled = true;
  setTimeout(() => {
    button.textContent = label;
    button.disabled = false;
  }, SHOWN);
}
