// Builds every package into its dist/, in place. It removes nothing that a running process reads:
// tests/tidy/package-files.test.ts.
//   embed SQL and Lua, compile (project references, incremental), prepare the files of the embedded
//   database, build the page
// `npm ci` runs it through `prepare`. `--code` builds everything except the page, `--page` only the
// page.
import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { embedTexts } from "./embed-texts.mjs";
import { prepareEmbedded } from "./prepare-embedded.mjs";
import { publishPage } from "./publish-page.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

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
  publishPage(join(root, "packages/page/dist"), join(root, "packages/server/dist/public"));
}
