// What every script does with a page.

/** Return the first element that a selector finds. */
export function find<E extends HTMLElement>(selector: string, inside: ParentNode = document): E | null {
  return inside.querySelector<E>(selector);
}

/** Return every element that a selector finds. */
export function findAll<E extends HTMLElement>(selector: string, inside: ParentNode = document): E[] {
  return [...inside.querySelectorAll<E>(selector)];
}

/**
 * Make an element with attributes, and with texts and elements in it.
 *
 * An attribute that is `false` is left out; one that is `true` has no value.
 */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number | boolean> = {},
  ...content: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...content);
  return element;
}

/** Return the value of the JSON block of an id, undefined if the page has none. */
export function readBlock<T>(id: string): T | undefined {
  const block = document.getElementById(id);
  return block?.textContent ? (JSON.parse(block.textContent) as T) : undefined;
}
