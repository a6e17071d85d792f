// The cells of CSV.

const SEPARATORS = [",", ";", "\t", "|"];

export interface Csv {
  header: string[];
  rows: string[][];
  separator: string;
}

/** Split a text into cells; the separator is the one that the first line has most of, outside quotation marks. */
export function readCsv(csv: string): Csv {
  const named = /^\uFEFF?sep=(.)\r?\n/i.exec(csv);
  const body = named ? csv.slice(named[0].length) : csv.replace(/^\uFEFF/, "");
  const first = body.slice(0, body.search(/[\r\n]|$/)).replace(/"[^"]*"/g, "");
  const separator = named?.[1] ?? SEPARATORS.reduce((best, each) => (count(first, each) > count(first, best) ? each : best));
  const [header = [], ...rows] = splitRows(body, separator);
  return { header: header.map((cell) => cell.trim()), rows, separator };
}

function count(line: string, character: string): number {
  return line.split(character).length - 1;
}

/** Rows of cells (RFC 4180); empty lines are no rows. */
function splitRows(csv: string, separator: string): string[][] {
  const token = new RegExp(`(?:[^\\S\\r\\n]*"((?:[^"]|"")*)"[^\\S\\r\\n]*|([^\\r\\n${escape(separator)}]*))(${escape(separator)}|\\r\\n?|\\n|$)`, "y");
  const rows: string[][] = [];
  let row: string[] = [];
  while (token.lastIndex < csv.length) {
    const match = token.exec(csv);
    if (!match) break; // a quotation mark without end: the server says so
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] === separator) continue;
    rows.push(row);
    row = [];
  }
  return (row.length ? [...rows, [...row, ""]] : rows).filter((cells) => cells.length > 1 || cells[0] !== "");
}

function escape(character: string): string {
  return character.replace(/[|.*+?^${}()\\\]]/, "\\$&");
}
