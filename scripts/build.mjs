// Builds every package into its dist/, in place. It removes nothing that a running process reads.
//   embed SQL and Lua, compile (project references, incremental), prepare the files of the embedded
//   database, build the page
// `npm ci` runs it through `prepare`. `--code` builds everything except the page, `--page` only the
// page.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { embedTexts } from "./embed-texts.mjs";
import { prepareEmbedded } from "./prepare-embedded.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const HOUR_MS = 3_600_000;

const tool = (...path) => join(root, "node_modules", ...path);
const node = (args, cwd = root) =>
  execFileSync(process.execPath, args, {
    stdio: "inherit",
    cwd,
    env: { ...process.env, NODE_ENV: "production" },
  });

const only = process.argv[2];
if (only !== "--page") await buildCode();
if (only !== "--code") buildPage();

async function buildCode() {
  embedTexts(root);
  node([tool("typescript", "bin", "tsc"), "-b", join(root, "tsconfig.packages.json")]);
  cpSync(join(root, "packages/scan/src/sample"), join(root, "packages/scan/dist/sample"), {
    recursive: true,
  });
  await prepareEmbedded(root);
}

/** Bundles the page. `npm run check` checks its types. */
function buildPage() {
  node([tool("vite", "bin", "vite.js"), "build", "--logLevel", "warn"], join(root, "packages/page"));
  const built = join(root, "packages/page/dist");
  const served = join(root, "packages/server/dist/public");
  mkdirSync(join(served, "assets"), { recursive: true });
  // Assets have a hash of their content in their names. The document that names them is copied
  // last.
  cpSync(join(built, "assets"), join(served, "assets"), { recursive: true });
  for (const name of readdirSync(built).filter((one) => one !== "assets")) {
    cpSync(join(built, name), join(served, `${name}.new`));
    renameSync(join(served, `${name}.new`), join(served, name));
  }
  // An open page may still request the assets of the previous build.
  for (const name of readdirSync(join(served, "assets"))) {
    const file = join(served, "assets", name);
    const current = existsSync(join(built, "assets", name));
    if (!current && Date.now() - statSync(file).mtimeMs > HOUR_MS) rmSync(file);
  }
}
