import { readFile } from "node:fs/promises";

/** @returns the run in which a plan was applied; null: not applied yet */
export async function readConsumingRun(path: string): Promise<string | null> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
