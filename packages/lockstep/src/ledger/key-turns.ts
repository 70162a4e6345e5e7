export interface KeyTurnsOptions {
  /** How many may be under way at once. */
  readonly atOnce: number;
  /** Whether work failed because another transaction holds one of its keys. */
  isHeld(error: unknown): boolean;
}

/**
 * Runs work that has keys. Work with the same key takes turns, because it would only wait in the
 * database, each on a connection of its own, and soon nobody else would get one. At most `atOnce`
 * are under way, so that different held keys leave connections free, too. When work fails because
 * its key is held, what waits for it fails with the same error.
 */
export type KeyTurns = <T>(keys: readonly string[], work: () => Promise<T>) => Promise<T>;

interface End {
  /** Why its key could not be had. */
  readonly held?: { readonly error: unknown };
}

export function createKeyTurns({ atOnce, isHeld }: KeyTurnsOptions): KeyTurns {
  /** For each key, the end of the last in its line. */
  const lines = new Map<string, Promise<End>>();
  const waiting: (() => void)[] = [];
  let underWay = 0;

  const enter = async (): Promise<void> => {
    if (underWay >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else underWay += 1;
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else underWay -= 1;
  };
  const run = async <T>(before: readonly Promise<End>[], work: () => Promise<T>): Promise<T> => {
    if (before.length > 0) {
      const held = (await Promise.all(before)).find((end) => end.held)?.held;
      if (held) throw held.error;
    }
    await enter();
    return await work().finally(leave);
  };

  return (keys, work) => {
    const before = [...new Set(keys.flatMap((key) => lines.get(key) ?? []))];
    const result = run(before, work);
    const end: Promise<End> = result.then(
      () => ({}),
      (error: unknown) => (isHeld(error) ? { held: { error } } : {}),
    );
    for (const key of keys) lines.set(key, end);
    void end.then(() => {
      for (const key of keys) if (lines.get(key) === end) lines.delete(key);
    });
    return result;
  };
}
