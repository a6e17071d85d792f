// An input with a list of what fits to it: the pattern "combobox with listbox popup" of ARIA's authoring practices.
import { make } from "../dom.ts";

/** A value of the list, and the text that tells what it is. */
export interface Option {
  value: string;
  label: string;
}

let made = 0;

/** Let an input offer options for what is typed; `choose` is called with the one that is chosen. */
export class Combobox {
  readonly #input: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #choose: (option: Option) => void;
  #options: Option[] = [];
  #active = -1;

  constructor(input: HTMLInputElement, label: string, choose: (option: Option) => void) {
    this.#input = input;
    this.#choose = choose;
    this.#list = make("ul", { class: "options", role: "listbox", id: `options-${++made}`, "aria-label": label, hidden: true });
    input.removeAttribute("list");
    input.autocomplete = "off";
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.#list.id,
    })) input.setAttribute(name, value);
    const box = make("div", { class: "combobox" });
    input.before(box);
    box.append(input, this.#list);
    input.addEventListener("keydown", (event) => this.#press(event));
    input.addEventListener("blur", () => this.close());
    this.#list.addEventListener("mousedown", (event) => event.preventDefault()); // the input keeps the focus
    this.#list.addEventListener("click", (event) => this.#click(event));
  }

  /** Show options; none of them close the list. */
  show(options: Option[]): void {
    this.#options = options;
    this.#list.replaceChildren(...options.map((option, index) => this.#makeOption(option, index)));
    this.#list.hidden = !options.length;
    this.#input.setAttribute("aria-expanded", String(options.length > 0));
    this.#activate(-1);
  }

  close(): void {
    this.show([]);
  }

  #makeOption({ value, label }: Option, index: number): HTMLElement {
    const id = `${this.#list.id}-${index}`;
    return make("li", { role: "option", id, "aria-selected": "false" }, make("b", {}, value), " ", label);
  }

  #activate(index: number): void {
    this.#active = index;
    const items = [...this.#list.children] as HTMLElement[];
    items.forEach((item, each) => item.setAttribute("aria-selected", String(each === index)));
    const item = items[index];
    item?.scrollIntoView({ block: "nearest" });
    if (item) this.#input.setAttribute("aria-activedescendant", item.id);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #press(event: KeyboardEvent): void {
    const count = this.#options.length;
    const moves: Record<string, number> = { ArrowDown: this.#active + 1, ArrowUp: this.#active - 1 };
    const move = moves[event.key];
    if (move !== undefined && count) this.#activate((move + count) % count);
    else if (event.key === "Enter" && this.#active >= 0) this.#pick(this.#active);
    else if (event.key === "Escape" && count) this.close();
    else return;
    event.preventDefault();
  }

  #click(event: MouseEvent): void {
    const item = (event.target as Element).closest("li");
    if (item) this.#pick([...this.#list.children].indexOf(item));
  }

  #pick(index: number): void {
    const option = this.#options[index];
    this.close();
    if (option) this.#choose(option);
  }
}
