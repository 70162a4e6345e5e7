/** Colours. Without colour they return the text unchanged. */
export type Paint = Readonly<
  Record<"bold" | "dim" | "red" | "green" | "yellow" | "magenta" | "cyan", (text: string) => string>
>;

export interface TextColumn<Row> {
  readonly title: string;
  /** The cell's text, already safe to print. */
  readonly cell: (row: Row) => string;
  readonly align?: "left" | "right";
  /** When the table is too wide, this column gives way, but never below so many characters. */
  readonly shrinkTo?: number;
  /** Whether a cell that is cut keeps its end, as of a path, and not its beginning. Only for cells without colour. */
  readonly keepEnd?: boolean;
}

/** What text for a terminal is made with. */
export interface TextTools {
  readonly paint: Paint;
  /** A table without lines, no wider than the terminal. */
  table<Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[]): string;
  /** Text from a job as one line that cannot steer the terminal. */
  line(text: string): string;
  /** A length of time for people, such as `3 min 5 s`. */
  duration(seconds: number): string;
}
