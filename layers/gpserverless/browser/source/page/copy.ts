// Buttons that copy the text of an element.
import { announce } from "../announce.ts";
import { findAll, make } from "../dom.ts";
import { text } from "../text.ts";

const SHOWN = 2000; // milliseconds for which a button says that it has copied

/** Let the buttons of a page copy. */
export function enhanceCopyButtons(): void {
  for (const button of findAll<HTMLButtonElement>("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => void copy(button));
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const source = document.querySelector(button.dataset["copy"] ?? "");
  if (!source || button.dataset["label"] !== undefined) return;
  const told = (await write((source as HTMLElement).innerText)) ? text("Copied") : text("Select the text, and copy it.");
  announce(told);
  button.dataset["label"] = button.textContent ?? "";
  button.textContent = told;
  setTimeout(() => {
    button.textContent = button.dataset["label"] ?? "";
    delete button.dataset["label"];
  }, SHOWN);
}

/** Write a text to the clipboard; pages without TLS, and browsers that forbid it, have the old way alone. */
async function write(copied: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(copied);
    return true;
  } catch {
    return writeBySelection(copied);
  }
}

function writeBySelection(copied: string): boolean {
  const focused = document.activeElement as HTMLElement | null;
  const area = make("textarea", { readonly: true, "aria-hidden": "true" });
  area.style.cssText = "position: fixed; top: 0; width: 1px; height: 1px; opacity: 0";
  area.value = copied;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return isCopied;
}
