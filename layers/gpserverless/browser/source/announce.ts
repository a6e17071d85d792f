// Sentences for screen readers, about what has changed without a move of the focus.
import { make } from "./dom.ts";

let region: HTMLElement | undefined;

/** Let screen readers say a sentence, after what they are saying. */
export function announce(sentence: string): void {
  region ??= document.body.appendChild(make("div", { class: "unseen", role: "status" }));
  const line = make("p", {}, sentence); // a new element: the same sentence twice is said twice
  region.replaceChildren(line);
}
