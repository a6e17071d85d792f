// Sentences about a result, above its table.
import { make } from "../dom.ts";
import { text } from "../text.ts";
import { ServerError } from "./collect.ts";
import { Declined } from "./load.ts";
import { tellCount, tellSize } from "./numbers.ts";

const READ = 500; // milliseconds in which a number is read

/** A place for sentences, and for a question. */
export class Notice {
  readonly element = make("div", { class: "notice", role: "status" });
  #counted = 0;

  /** Show a sentence in the place of the one before. */
  tell(sentence: string): void {
    this.element.replaceChildren(sentence ? make("p", {}, sentence) : "");
  }

  /** Show another sentence. */
  add(sentence: string): void {
    this.element.append(make("p", {}, sentence));
  }

  /** Show how much has come; not more often than people read. */
  count(bytes: number): void {
    if (performance.now() - this.#counted < READ) return;
    this.#counted = performance.now();
    this.tell(text("Loading: {size}", { size: tellSize(bytes) }));
  }

  /** Ask whether to go on with so much. */
  ask(bytes: number): Promise<boolean> {
    const yes = make("button", { type: "button", class: "second" }, text("Show it here"));
    const no = make("button", { type: "button", class: "second" }, text("Leave it"));
    const sentence = text("This result is large: {size} or more. Showing it may slow this page down.", { size: tellSize(bytes) });
    this.element.replaceChildren(make("p", {}, sentence), make("p", { class: "choices" }, yes, no));
    return new Promise((resolve) => {
      yes.addEventListener("click", () => resolve(true));
      no.addEventListener("click", () => resolve(false));
    });
  }

  /** Say why a result cannot be shown better than the server did, and offer to try again. */
  fail(problem: unknown, retry: () => void): void {
    this.tell(explain(problem));
    const button = make("button", { type: "button", class: "second" }, problem instanceof Declined ? text("Show it here") : text("Try again"));
    button.addEventListener("click", retry);
    this.element.append(make("p", { class: "choices" }, button));
  }

  /** Say that the map does not know where the features are. */
  tellSystem(system: string): void {
    this.add(text("The map does not show spatial reference {system}. The table has everything.", { system }));
  }

  /** Say that there are more rows than these, and how to get them: of a layer by a query, else by the file. */
  tellExceeded(rows: number, isLayer = false): void {
    const count = tellCount(rows);
    if (isLayer) return this.add(text("There are more rows than these {count}. A query of the layer gets the others.", { count }));
    this.add(text("The task has made more features than it sends: {count} are here. Ask for the result as a file to get all.", { count }));
  }
}

function explain(problem: unknown): string {
  if (problem instanceof Declined) return text("The result was not loaded. Its first rows are below, and all of it can be downloaded.");
  if (problem instanceof ServerError) return text("The server does not send this result here: {message}", { message: problem.message });
  if (problem instanceof SyntaxError) return text("The result came incomplete.");
  return text("The result could not be loaded.");
}
