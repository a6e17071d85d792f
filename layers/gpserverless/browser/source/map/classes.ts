// Classes of features: each has a look of its own, and each feature the number of its class.
import type { ExpressionSpecification } from "maplibre-gl";

/** How the features of one class are drawn. */
export interface ClassLook {
  /** The colour of its surfaces, lines or points, as CSS has it. */
  color: string;
  /** The colour around surfaces and points, and its width in pixels. */
  edge: string;
  edgeWidth: number;
  /** The width of lines, or the radius of points, in pixels. */
  size: number;
  label: string;
}

/** The classes of a collection. */
export interface Classes {
  looks: ClassLook[];
  /** The number of the class of each feature; -1 for one that is not drawn. */
  numbers: number[];
}

/** The property of a feature on the map that has the number of its class. */
export const CLASS = "class";

/** Return an expression that is a value for each class. */
export function byClass<Value extends string | number>(
  looks: readonly ClassLook[], of: (look: ClassLook) => Value, other: Value,
): ExpressionSpecification | Value {
  if (!looks.length) return other;
  const cases = looks.flatMap((look, number) => [number, of(look)]);
  return ["match", ["get", CLASS], ...cases, other] as unknown as ExpressionSpecification;
}
