/** A passage of a text, as offsets in UTF-16 units. */
export interface Span {
  readonly from: number;
  /** The offset after it. */
  readonly to: number;
}
