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
  #around: string[] = [];
  #tail = "";
  #rest: string[] = [];
  #depth = 0;
  #isFirst = true;
  #inString = false;
  #isEscaped = false;

  /**
   * Return the features that are complete with this piece of the text.
   *
   * @throws {SyntaxError} The text is no JSON.
   */
  push(piece: string): unknown[] {
    if (this.#state === "inside") return this.#readFeatures(piece);
    const start = this.#state === "before" ? this.#findStart(piece) : -1;
    if (start < 0) {
      this.#around.push(piece);
      return [];
    }
    this.#around.push(piece.slice(0, start));
    this.#state = "inside";
    return this.#readFeatures(piece.slice(start));
  }

  /**
   * Return the text without the features, read.
   *
   * @throws {SyntaxError} The text is no JSON, or was cut off.
   */
  finish(): unknown {
    if (this.#state === "inside") throw new SyntaxError("the list of features has no end");
    return JSON.parse(this.#around.join("")) as unknown;
  }

  /** Return the place after the bracket that opens the list, -1 if it is not in this piece. */
  #findStart(piece: string): number {
    const text = this.#tail + piece;
    START.lastIndex = 0;
    const isFound = START.test(text);
    const start = START.lastIndex - this.#tail.length;
    this.#tail = text.slice(-OVERLAP);
    return isFound ? start : -1;
  }

  #readFeatures(piece: string): unknown[] {
    const end = this.#findEnd(piece);
    if (end < 0) {
      this.#rest.push(piece);
      return [];
    }
    const features = [...this.#rest, piece.slice(0, end)].join("");
    this.#rest = [piece.slice(end)];
    if (this.#depth < 0) {
      this.#state = "after";
      this.#around.push(...this.#rest);
    }
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    const read = JSON.parse(isFirst ? `[${features}]` : `[0${features}]`) as unknown[]; // others begin with a comma
    return isFirst ? read : read.slice(1);
  }

  /** Return the end of the last complete feature, or the place of the bracket that closes the list; -1 for none. */
  #findEnd(text: string): number {
    let end = -1;
    for (let place = 0; place < text.length; place++) {
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
