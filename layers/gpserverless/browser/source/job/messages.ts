// The messages of a job: those that are new are added, the others stay as they are.
import { make } from "../dom.ts";
import { text } from "../text.ts";
import type { Message } from "./document.ts";

/** How to bring a list of messages up to date. */
export interface Change {
  /** How many of the messages that are shown stay, from the first on. */
  keep: number;
  /** The messages that come after them. */
  add: Message[];
}

/** Return the change from the messages that are shown to those that came. */
export function compareMessages(shown: readonly Message[], received: readonly Message[]): Change {
  let keep = 0;
  while (keep < shown.length && isSame(shown[keep], received[keep])) keep++;
  return { keep, add: received.slice(keep) };
}

function isSame(one: Message | undefined, other: Message | undefined): boolean {
  return one?.type === other?.type && one?.description === other?.description;
}

/** The list of messages on the page. */
export class MessageList {
  readonly #list: HTMLElement;
  #shown: readonly Message[] | undefined;

  constructor(list: HTMLElement) {
    this.#list = list;
    list.setAttribute("aria-live", "polite");
    list.setAttribute("aria-relevant", "additions");
  }

  /** Show these messages; of the page as the server has drawn it, only the number of its messages is known. */
  show(received: readonly Message[]): void {
    const shown = this.#shown ?? received.slice(0, this.#list.children.length);
    const { keep, add } = compareMessages(shown, received);
    while (this.#list.children.length > keep) this.#list.lastElementChild?.remove();
    this.#list.append(...add.map(drawMessage));
    this.#shown = received;
  }
}

function drawMessage({ type, description }: Message): HTMLLIElement {
  const kind = kindOf(type);
  const label = { error: text("Error"), warning: text("Warning"), informative: "" }[kind];
  return make("li", { class: kind }, label ? make("strong", { class: "message-type" }, `${label}:`) : "", label ? " " : "", description);
}

function kindOf(type: string): "error" | "warning" | "informative" {
  if (type.endsWith("Error") || type.endsWith("Abort")) return "error";
  return type.endsWith("Warning") ? "warning" : "informative";
}
