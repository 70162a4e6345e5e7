import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The folder of this package: the checkout, or where npm installed it. */
export const PACKAGE_ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** This program's version, from package.json. */
export function packageVersion(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
