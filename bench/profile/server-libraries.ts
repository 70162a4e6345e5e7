import { existsSync } from "node:fs";
import { join } from "node:path";
import { postgresPrograms } from "../../tests/servers/programs.js";

/**
 * The setting that loads libraries into PostgreSQL.
 * @throws when one is not installed; on Debian they belong to the server's own package
 */
export function availableLibraries(names: readonly string[]): { readonly shared_preload_libraries: string } {
  const folder = join(postgresPrograms(), "../lib");
  const missing = names.filter((name) => !existsSync(join(folder, `${name}.so`)));
  if (missing.length > 0) throw new Error(`PostgreSQL has no ${missing.join(" and no ")} in ${folder}`);
  return { shared_preload_libraries: names.join(",") };
}
