import type { TestProject } from "vitest/node";
import { startPostgres } from "./postgres.js";
import { memoryFolder } from "./server-folder.js";
import "./database.js";

/**
 * Starts the PostgreSQL server of the run. The returned function stops it and removes its folder.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // The processes of the tests inherit it.
  process.env.LOCKSTEP_TEST_FOLDER ??= memoryFolder();
  const postgres = await startPostgres();
  project.provide("postgresUrl", postgres.url);
  return () => postgres.remove();
}
