// The style of results, which pages without scripts do not need.
import styleUrl from "static:results.css";

import { make } from "../dom.ts";

/** Load the style; a page without it still works. */
export function loadStyle(): Promise<void> {
  const link = make("link", { rel: "stylesheet", href: styleUrl });
  const loaded = new Promise<void>((resolve) => {
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => resolve());
  });
  document.head.append(link);
  return loaded;
}
