/** Colours. With colours off they return the text unchanged. */
export type Paint = Readonly<
  Record<"bold" | "dim" | "red" | "green" | "yellow" | "magenta" | "cyan", (text: string) => string>
>;

export interface TextColumn<Row> {
  readonly title: string;
  /** The cell's text, already safe to print. */
  readonly cell: (row: Row) => string;
  readonly align?: "left" | "right";
  /** When the table is too wide, this column shrinks, but not below this many characters. */
  readonly shrinkTo?: number;
  /**
   * Whether a shortened cell keeps its end instead of its beginning, as for a path. Only for cells
   * without colour.
   */
  readonly keepEnd?: boolean;
}

/** Tools that format text for a terminal. */
export interface TextTools {
  readonly paint: Paint;
  /** A table without borders, at most as wide as the terminal. */
  table<Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[]): string;
  /** Text from a job as one line that cannot control the terminal. */
  line(text: string): string;
  /** A duration for people, such as `3 min 5 s`. */
  duration(seconds: number): string;
}
