import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const WEEK_MS = 7 * 24 * 3_600_000;

/** Copies a built page to where servers read it, and removes what nothing reads any more. */
export function publishPage(built, served) {
  mkdirSync(join(served, "assets"), { recursive: true });
  // Assets have a hash of their content in their names. The document that names them is copied
  // last.
  cpSync(join(built, "assets"), join(served, "assets"), { recursive: true });
  for (const name of readdirSync(built).filter((one) => one !== "assets")) {
    cpSync(join(built, name), join(served, `${name}.new`));
    renameSync(join(served, `${name}.new`), join(served, name));
  }
  // A running server answers with the document it read when it started, and an open page loads its
  // parts when they are needed: both request the assets of an earlier build.
  for (const name of readdirSync(join(served, "assets"))) {
    const file = join(served, "assets", name);
    const current = existsSync(join(built, "assets", name));
    if (!current && Date.now() - statSync(file).mtimeMs > WEEK_MS) rmSync(file);
  }
}
