/**
 * The cursor of one reader: the last position it has seen.
 *
 * Positions have no holes, so each event is new, a duplicate, or proof that something is missing.
 */

export class Order {
  /** @param {number} [cursor] */
  constructor(cursor = 0) {
    this.cursor = cursor;
  }

  /**
   * Judge a position and, when it is the next one, move the cursor to it.
   * @returns {"new" | "duplicate" | "hole"}
   */
  take(position) {
    if (position <= this.cursor) return "duplicate";
    if (position > this.cursor + 1) return "hole";
    this.cursor = position;
    return "new";
  }

  /** Move past events the server says are gone, never backwards. */
  skipTo(position) {
    if (Number.isInteger(position) && position > this.cursor) this.cursor = position;
  }

  /** Take the position of a snapshot, which replaces all that was seen. */
  resetTo(position) {
    if (Number.isInteger(position)) this.cursor = position;
  }
}
