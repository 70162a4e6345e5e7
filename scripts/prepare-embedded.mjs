// Makes packages/embedded/dist/prepared.tar.gz: the files of an empty PGlite database. It does so
// again only when PGlite has changed.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** @param {string} root the folder that contains packages/ */
export async function prepareEmbedded(root) {
  const dist = join(root, "packages", "embedded", "dist");
  const file = join(dist, "prepared.tar.gz");
  const stamp = join(dist, ".prepared-with");
  const version = engineVersion(root);
  if (existsSync(file) && existsSync(stamp) && readFileSync(stamp, "utf8") === version) return;
  const { PGlite } = await import("@electric-sql/pglite");
  const engine = await PGlite.create();
  const files = await engine.dumpDataDir("gzip");
  await engine.close();
  mkdirSync(dist, { recursive: true });
  writeFileSync(`${file}.new`, Buffer.from(await files.arrayBuffer()));
  renameSync(`${file}.new`, file);
  writeFileSync(stamp, version);
}

function engineVersion(root) {
  const main = createRequire(join(root, "packages", "embedded", "package.json")).resolve(
    "@electric-sql/pglite",
  );
  const text = readFileSync(join(dirname(dirname(main)), "package.json"), "utf8");
  return JSON.parse(text).version;
}
