import type { AnyJobDefinition, KindRecord, RecordedKind } from "../job/index.js";

/** The kinds of jobs that workers and clients have recorded. */
export interface KindLedger {
  /**
   * Records the definitions of this process, each once: a worker that registers again does not
   * replace what a newer process has recorded since.
   * @returns what was recorded now
   */
  define(definitions: readonly AnyJobDefinition[]): Promise<readonly KindRecord[]>;
  /** Records kinds; the last one wins. Writes only those that differ from what is recorded. */
  record(kinds: readonly KindRecord[]): Promise<void>;
  /** Those of the named kinds that are recorded, or whose name a worker has offered. */
  find(kinds: readonly string[]): Promise<readonly RecordedKind[]>;
  /** @param page.limit 1 to 1000 */
  list(page: { readonly after?: string; readonly limit: number }): Promise<KindPage>;
  /** The first thousand names, in order. */
  names(): Promise<readonly string[]>;
}

export interface KindPage {
  /** Ordered by name. */
  readonly kinds: readonly RecordedKind[];
  /** Pass it back as `after`; null on the last page. */
  readonly next: string | null;
}
