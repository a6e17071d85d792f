// The parcels that a job keeps, and the true answers of queries; parcels.py computes them.
import { readFileSync } from "node:fs";

export const LAYER = process.env.PARCELS;
export const SERVICE = LAYER.slice(0, LAYER.lastIndexOf("/"));
export const MAP = process.env.PARCELS_MAP;

/** The condition of parcels.py. */
export const CONDITION = "POP >= 500 AND KIND IN ('a', 'b') AND NAME IS NOT NULL";
/** The box of parcels.py. */
export const BOX = { xmin: 505_050, ymin: 5_604_980, xmax: 509_020, ymax: 5_608_010 };

export const ANSWERS = read("answers.json");

/** The features of the plain result. */
export const readPlain = () => read("plain.json").features;

/** The examples in a language of docs/how-to/read-result-services.md, of the site under test. */
export function readExamples(language) {
  const text = readFileSync(new URL("../../docs/how-to/read-result-services.md", import.meta.url), "utf8");
  const blocks = [...text.matchAll(/```(\w+)\n(.*?)```/gs)].filter(([, name]) => name === language);
  return blocks.map(([, , code]) => code.replaceAll("http://127.0.0.1:8000", process.env.SITE));
}

function read(name) {
  return JSON.parse(readFileSync(`${process.env.PARCELS_FOLDER}/${name}`));
}
