// Features as a person has typed, pasted or dropped them.

export type Features = GeoJSON.FeatureCollection<GeoJSON.Geometry | null>;

export interface FieldOfText {
  name: string;
  /** A field type of Esri, such as "esriFieldTypeDouble". */
  type: string;
}

/** What a text holds, as far as a page can tell; the server reads it anew. */
export interface FeatureText {
  format: "Esri JSON" | "GeoJSON" | "CSV" | "reference";
  fields: FieldOfText[];
  /** How many features there are, undefined if the server has to fetch them. */
  count: number | undefined;
  /** The features in WGS84, undefined if their place is not known here. */
  features: Features | undefined;
  /** The spatial reference that is not known here, as it is written. */
  system?: string;
}

/** A text holds no features; the message is a sentence for people. */
export class NoFeatures extends Error {
  override name = "NoFeatures";
}
