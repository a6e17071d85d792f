// The colours of the map are variables of CSS, so that they follow light and dark.

const DARK = "(prefers-color-scheme: dark)";

/** Return the colour of a name: the value of a variable of CSS, any other colour as it is. */
export function resolveColor(color: string, element: Element): string {
  return color.startsWith("--") ? getComputedStyle(element).getPropertyValue(color).trim() || "#888888" : color;
}

/** Call back whenever the device goes from light to dark, or back; return what ends that. */
export function onThemeChange(callback: () => void): () => void {
  const theme = matchMedia(DARK);
  theme.addEventListener("change", callback);
  return () => theme.removeEventListener("change", callback);
}
