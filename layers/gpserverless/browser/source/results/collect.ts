// The rows of a result from its text.
import type { Field, ResultData, Row } from "./data.ts";
import { FeatureReader } from "./feature_reader.ts";
import { findFields } from "./fields.ts";
import { findPlaces } from "./places.ts";

/** An error that the server sent instead of features. */
export class ServerError extends Error {
  override name = "ServerError";
}

interface Item {
  properties?: Row | null;
  attributes?: Row | null;
  geometry?: unknown;
}

interface Around {
  exceededTransferLimit?: boolean;
  fields?: Field[];
  spatialReference?: unknown;
  messages?: { description?: string }[];
  value?: Around;
  featureSet?: Around;
  error?: { message?: string; details?: string[] };
  features?: unknown;
}

/**
 * Return the rows of a text that comes in pieces: GeoJSON, a record set, or the document of a result that has one.
 *
 * @param pieces The pieces of the text.
 * @param fields The columns, if they are known.
 * @throws {SyntaxError} The text is no JSON.
 * @throws {ServerError} It is an error of the server.
 */
export async function collectRows(pieces: AsyncIterable<string>, fields?: Field[]): Promise<ResultData> {
  const reader = new FeatureReader();
  const rows: Row[] = [];
  const shapes: unknown[] = [];
  for await (const piece of pieces) {
    for (const item of reader.push(piece) as Item[]) {
      rows.push(item.properties ?? item.attributes ?? {});
      shapes.push(item.geometry);
    }
  }
  const around = (reader.finish() ?? {}) as Around;
  if (around.error) throw new ServerError([around.error.message, ...(around.error.details ?? [])].filter(Boolean).join(" "));
  const value = around.value ?? around;
  const inner = value.featureSet ?? value;
  if (!Array.isArray(inner.features)) throw new SyntaxError("there are no features in the text");
  return {
    fields: findFields(fields ?? inner.fields, rows),
    rows,
    ...(await findPlaces(shapes, inner.spatialReference)),
    isExceeded: inner.exceededTransferLimit === true,
    messages: [...(around.messages ?? []), ...(around === inner ? [] : (inner.messages ?? []))].map((each) => each.description ?? ""),
  };
}
