// The search in the list of spatial references.

/** A WKID and a name. */
export type System = readonly [number, string];

export const MOST = 20;

/** Return the systems whose number begins with a text, or whose name has all of its words; the best first. */
export function searchSystems(systems: readonly System[], query: string): System[] {
  const words = query.toLowerCase().replace(/^(epsg|esri):+/, "").split(/[\s/,()]+/).filter(Boolean);
  if (!words.length) return [];
  const found = systems.filter((system) => fits(system, words));
  const ranked = found.map((system) => ({ system, rank: rank(system, words) }));
  return ranked.sort((one, other) => one.rank - other.rank).slice(0, MOST).map(({ system }) => system);
}

function fits([code, name]: System, words: string[]): boolean {
  const low = name.toLowerCase();
  return words.every((word) => low.includes(word)) || (words.length === 1 && String(code).startsWith(words[0]!));
}

const USUAL = /^(WGS 84|ETRS89|NAD83|World_)\b/;

/** The number itself, then numbers, then usual systems, then names that begin with the text, then short names. */
function rank([code, name]: System, words: string[]): number {
  const [first = ""] = words;
  if (String(code) === first) return 0;
  if (words.length === 1 && String(code).startsWith(first)) return 1 + code / 1e9;
  return (name.toLowerCase().startsWith(first) ? 1000 : 2000) + name.length - (USUAL.test(name) ? 500 : 0);
}
