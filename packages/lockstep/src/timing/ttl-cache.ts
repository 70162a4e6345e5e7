interface Entry<Value> {
  readonly until: number;
  readonly value: Promise<Value>;
  /** The last answer, and its time. */
  last: { readonly value: Value; readonly atMs: number } | null;
}

/** Keeps answers for a short time; concurrent questions with the same key become one. */
export interface TtlCache<Value> {
  get(key: string, ask: () => Promise<Value>): Promise<Value>;
  clear(): void;
}

/**
 * @param options.sizeMax entries kept; the oldest goes first
 * @param options.keep whether an answer is worth keeping. A rejected question never is
 * @param options.outage for how long the last answer goes on to count while nobody can be asked
 */
export function createTtlCache<Value>(options: {
  readonly milliseconds: number;
  readonly sizeMax: number;
  readonly keep?: (value: Value) => boolean;
  readonly outage?: { readonly milliseconds: number; isOne(error: unknown): boolean };
}): TtlCache<Value> {
  const entries = new Map<string, Entry<Value>>();
  const forget = (key: string, entry: Entry<Value>) => {
    if (entries.get(key) === entry) entries.delete(key);
  };
  return {
    clear: () => entries.clear(),
    get(key, ask) {
      const known = entries.get(key);
      if (known && known.until > performance.now()) return known.value;
      const entry: Entry<Value> = {
        until: performance.now() + options.milliseconds,
        last: known?.last ?? null,
        value: ask().then(
          (value) => {
            entry.last = { value, atMs: performance.now() };
            return value;
          },
          (error: unknown) => {
            const { last } = entry;
            const isOutage = options.outage?.isOne(error) ?? false;
            if (!isOutage || !last || performance.now() - last.atMs > (options.outage?.milliseconds ?? 0))
              throw error;
            return last.value;
          },
        ),
      };
      entries.delete(key);
      entries.set(key, entry);
      const oldest = entries.keys().next();
      if (entries.size > options.sizeMax && !oldest.done) entries.delete(oldest.value);
      entry.value.then(
        (value) => options.keep?.(value) === false && forget(key, entry),
        () => forget(key, entry),
      );
      return entry.value;
    },
  };
}
