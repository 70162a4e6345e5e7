// `npm run dev`: compiles changes, and restarts `lockstep up` after each. The page has its own
// server, which replaces changed parts in the browser at once.
import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { embedTexts, textFolders } from "./embed-texts.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const TEXTS_PAUSE_MS = 100;
const tool = (...path) => join(root, "node_modules", ...path);

embedTexts(root);
// Each folder by itself: a recursive watch loses a file that is replaced, as many editors save. The
// pause lets a replacement end.
let changed = null;
for (const folder of textFolders(root))
  watch(folder, () => {
    clearTimeout(changed);
    changed = setTimeout(() => embedTexts(root), TEXTS_PAUSE_MS);
  });

const PROGRAMS = [
  [
    tool("typescript", "bin", "tsc"),
    "-b",
    "--watch",
    "--preserveWatchOutput",
    join(root, "tsconfig.packages.json"),
  ],
  [
    "--watch",
    "--watch-preserve-output",
    join(root, "packages/cli/bin/lockstep.js"),
    "up",
    ...process.argv.slice(2),
  ],
  [tool("vite", "bin", "vite.js"), join(root, "packages/page")],
];
const children = PROGRAMS.map((args) => spawn(process.execPath, args, { stdio: "inherit", cwd: root }));

function end() {
  for (const child of children) child.kill("SIGTERM");
  process.exit(0);
}
process.on("SIGINT", end).on("SIGTERM", end);
for (const child of children) child.on("exit", end);
