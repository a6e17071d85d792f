// The texts of the scripts in the language of the page.
import { readBlock } from "./dom.ts";

let translations: Record<string, string> | undefined;

/**
 * Return a text in the language of the page; English where the page brings no translation.
 *
 * `{name}` in the text becomes the value of that name. Every text is a key of
 * protocols/directory/texts/browser.json.
 */
export function text(english: string, values: Record<string, string | number> = {}): string {
  translations ??= readBlock<Record<string, string>>("texts") ?? {};
  const translated = translations[english] ?? english;
  return translated.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
