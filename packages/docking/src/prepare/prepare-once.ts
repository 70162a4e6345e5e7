import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import type { ArtifactStore } from "lockstep/internal/artifacts";
import { findProgram } from "lockstep/internal/programs";

/** Prepares a content, or returns the stored result for the same content. */
export type PrepareOnce = (
  source: { readonly text: string; readonly args: readonly string[] },
  signal: AbortSignal,
  make: () => Promise<string>,
) => Promise<string>;

/**
 * A batch docks thousands of compounds into one receptor, whose preparation is always the same: it
 * is done once per content and kept in the store. Within this process, callers that need the same
 * preparation wait for one run.
 */
export function createPrepareOnce(store: ArtifactStore, searchPath: string): PrepareOnce {
  const underWay = new Map<string, Promise<string | null>>();
  return async (source, signal, make) => {
    const key = keyOf(source, searchPath);
    const others = underWay.get(key);
    if (others !== undefined) {
      const found = await orAborted(others, signal);
      if (found !== null) return found;
    }
    const preparing = findOrMake(store, key, make);
    // If this attempt fails, each waiting caller prepares its own: the attempt may have been
    // cancelled.
    const settled = preparing.catch(() => null);
    underWay.set(key, settled);
    try {
      return await preparing;
    } finally {
      if (underWay.get(key) === settled) underWay.delete(key);
    }
  };
}

async function findOrMake(store: ArtifactStore, key: string, make: () => Promise<string>): Promise<string> {
  // A store that cannot be read or written costs time, but does not fail the docking.
  const known = await store.readDerived(key).catch(() => null);
  if (known !== null && known.length > 0) return known.toString("utf8");
  const made = await make();
  if (made !== "") await store.writeDerived(key, made).catch(() => undefined);
  return made;
}

/**
 * The result depends on the text, the arguments and the program, which its size and time identify.
 */
function keyOf({ text, args }: { text: string; args: readonly string[] }, searchPath: string): string {
  const program = findProgram("obabel", searchPath);
  const found = program === null ? null : statSync(program, { throwIfNoEntry: false });
  const stamp = [found?.size ?? 0, found?.mtimeMs ?? 0];
  return createHash("sha256")
    .update(JSON.stringify([stamp, args, text]))
    .digest("hex");
}

function orAborted<T>(waiting: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    waiting.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
