// The words of results: rows of attributes, with a shape each where there are shapes.

export type Value = unknown;
export type Row = Readonly<Record<string, Value>>;

/** A column of a table, as `data-fields` and record sets name it. */
export interface Field {
  name: string;
  alias?: string;
  type?: string;
}

/** The rows of one result; the shape of a row has its position. */
export interface ResultData {
  fields: Field[];
  rows: Row[];
  shapes: (GeoJSON.Geometry | null)[];
  /** The spatial reference in which shapes have no place on the map, if they have none. */
  system?: string;
  /** Whether there are more than the service sends. */
  isExceeded: boolean;
  /** Warnings that came with the features. */
  messages: string[];
}
