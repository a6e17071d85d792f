// Sentences for screen readers, about what has changed without a move of the focus.
import { make } from "./dom.ts";

const UNSEEN = "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap";

let region: HTMLElement | undefined;

/** Let screen readers say a sentence, after what they are saying. */
export function announce(sentence: string): void {
  region ??= addRegion();
  region.replaceChildren(make("p", {}, sentence)); // a new element: the same sentence twice is said twice
}

function addRegion(): HTMLElement {
  const added = make("div", { role: "status" });
  added.style.cssText = UNSEEN;
  return document.body.appendChild(added);
}
