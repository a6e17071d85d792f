// Features out of a JSON text that comes in pieces, so that the page stays responsive with any number of them.

const START = /(?<!\\)"features"\s*:\s*\[/g;
const OVERLAP = 64; // characters of a start that two pieces may share

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = [91, 123];
const CLOSE = [93, 125];

/**
 * Reads the first list called "features" of a JSON text, of GeoJSON or of a record set.
 *
 * Only the ends of features are looked for here; `JSON.parse` reads them, and everything around the list.
 */
export class FeatureReader {
  #state: "before" | "inside" | "after" = "before";
  #around = "";
  #rest = "";
  #depth = 0;
  #inString = false;
  #isEscaped = false;

  /**
   * Return the features that are complete with this piece of the text.
   *
   * @throws {SyntaxError} The text is no JSON.
   */
  push(piece: string): unknown[] {
    if (this.#state === "inside") return this.#readFeatures(piece);
    const from = Math.max(0, this.#around.length - OVERLAP);
    this.#around += piece;
    if (this.#state === "after") return [];
    START.lastIndex = from;
    const start = START.exec(this.#around);
    if (!start) return [];
    const after = this.#around.slice(START.lastIndex);
    this.#around = this.#around.slice(0, START.lastIndex);
    this.#state = "inside";
    return this.#readFeatures(after);
  }

  /**
   * Return the text without the features, read.
   *
   * @throws {SyntaxError} The text is no JSON, or was cut off.
   */
  finish(): unknown {
    if (this.#state === "inside") throw new SyntaxError("the list of features has no end");
    return JSON.parse(this.#around) as unknown;
  }

  #readFeatures(piece: string): unknown[] {
    const known = this.#rest.length;
    const text = this.#rest + piece;
    const end = this.#findEnd(text, known);
    const isClosed = this.#depth < 0;
    const features = text.slice(0, end);
    this.#rest = text.slice(end);
    if (isClosed) {
      this.#state = "after";
      this.#around += this.#rest;
    }
    return JSON.parse(`[${features.replace(/^\s*,/, "")}]`) as unknown[];
  }

  /** Return the end of the last complete feature, or the place of the bracket that closes the list. */
  #findEnd(text: string, from: number): number {
    let end = 0;
    for (let place = from; place < text.length; place++) {
      const code = text.charCodeAt(place);
      if (this.#inString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (code === BACKSLASH) this.#isEscaped = true;
        else if (code === QUOTE) this.#inString = false;
      } else if (code === QUOTE) {
        this.#inString = true;
      } else if (code === OPEN[0] || code === OPEN[1]) {
        this.#depth++;
      } else if (code === CLOSE[0] || code === CLOSE[1]) {
        if (--this.#depth < 0) return place;
        if (this.#depth === 0) end = place + 1;
      }
    }
    return end;
  }
}
