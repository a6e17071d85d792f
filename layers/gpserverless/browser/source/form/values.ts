// The values of a form, joined of their parts as the server joins them.

/** A control that the form sends: its name, its text, and what the text stands for. */
export interface Part {
  name: string;
  text: string;
  kind: "text" | "number" | "boolean" | "date" | "json";
}

export type Value = string | number | boolean | null | Value[] | { [member: string]: Value };

type Tree = { leaves: Part[]; parts: Map<string, Tree> };

const SIDES = ["xmin", "ymin", "xmax", "ymax"];

const WHOLE = ["", ".lines", ".layer"]; // names after that of the parameter: of a whole value
const MARKER = ".each"; // says that every field is one value

/** Return the value of a parameter as JSON or text; undefined if nothing is given. */
export function joinValue(name: string, parts: readonly Part[], isList: boolean): Value | undefined {
  const given = parts.filter(({ name: own, text }) => text.trim() !== "" && own !== name + MARKER);
  const [plain = []] = WHOLE.map((end) => given.filter((part) => part.name === name + end).map(readPart)).filter((found) => found.length);
  if (plain.length) return isList || plain.length > 1 ? plain.flat(1) : plain[0];
  const tree = makeTree();
  for (const part of given) grow(tree, part.name.slice(name.length + 1).split("."), part);
  return joinTree(tree);
}

function makeTree(): Tree {
  return { leaves: [], parts: new Map() };
}

function grow(tree: Tree, [first, ...others]: string[], part: Part): void {
  if (first === undefined) return void tree.leaves.push(part);
  const inside = tree.parts.get(first) ?? makeTree();
  tree.parts.set(first, inside);
  grow(inside, others, part);
}

function joinTree({ leaves, parts }: Tree): Value | undefined {
  if (leaves.length) return leaves.length === 1 ? readPart(leaves[0]!) : leaves.map(readPart);
  const numbers = [...parts.keys()].filter((key) => /^\d+$/.test(key)).map(Number);
  if (numbers.length) return joinRows(parts, numbers.sort((one, other) => one - other));
  const get = (name: string) => joinTree(parts.get(name) ?? makeTree());
  if (parts.has("number")) return joinQuantity(get("number")!, get("units"));
  if (SIDES.every((side) => parts.has(side))) return joinExtent(get);
  if (parts.has("type")) return parts.has("value") ? { dataType: get("type")!, value: get("value")! } : undefined;
  return undefined;
}

function joinRows(parts: Tree["parts"], numbers: number[]): Value {
  return numbers.map((number) => joinTree(parts.get(String(number))!) ?? null);
}

function joinQuantity(number: Value, units: Value | undefined): Value {
  const name = String(units ?? "");
  const member = name.startsWith("esriTimeUnits") ? "time" : /Square|Acre|Hectare|Are$|Ares$/i.test(name) ? "area" : "distance";
  return { [member]: number, ...(units === undefined ? {} : { units }) };
}

function joinExtent(get: (name: string) => Value | undefined): Value {
  const wkid = get("wkid");
  const sides = Object.fromEntries(SIDES.map((side) => [side, get(side)!]));
  return { ...sides, ...(wkid === undefined ? {} : { spatialReference: { wkid } }) };
}

function readPart({ text, kind }: Part): Value {
  if (kind === "number") return Number.isNaN(Number(text)) ? text : Number(text);
  if (kind === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (kind === "date") return Number.isNaN(Date.parse(`${text}Z`)) ? text : Date.parse(`${text}Z`);
  return kind === "json" ? parse(text) : text;
}

function parse(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}
