// The link to a page of results.
import { make } from "../dom.ts";
import { text } from "../text.ts";

const SHOWN = 2000; // milliseconds for which the button says that it has copied

/** Return a button that copies the address of the page; none where the browser does not copy. */
export function drawShareButton(): HTMLButtonElement | undefined {
  const { clipboard } = navigator as { clipboard?: Clipboard };
  if (!clipboard) return undefined;
  const label = text("Copy link to this result");
  const button = make("button", { type: "button", class: "second" }, label);
  button.addEventListener("click", () => void copy(clipboard, button, label));
  return button;
}

async function copy(clipboard: Clipboard, button: HTMLButtonElement, label: string): Promise<void> {
  await clipboard.writeText(dropSecrets(location.href));
  button.textContent = text("Copied");
  setTimeout(() => (button.textContent = label), SHOWN);
}

/** Return an address without the token of the person who looks at it. */
export function dropSecrets(address: string): string {
  const url = new URL(address);
  url.searchParams.delete("token");
  url.hash = "";
  return url.href;
}
