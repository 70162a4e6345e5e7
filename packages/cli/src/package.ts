import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const PACKAGE = new URL("../", import.meta.url);
const CHECKOUT = new URL("../../", PACKAGE);

/**
 * A real code tree that exists on every machine: the checkout that contains this package, or the
 * package as npm installed it.
 */
export function codeTree(): string {
  return fileURLToPath(existsSync(new URL("tsconfig.packages.json", CHECKOUT)) ? CHECKOUT : PACKAGE);
}

/** This program's version, from package.json. */
export function packageVersion(): string {
  const text = readFileSync(new URL("package.json", PACKAGE), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
