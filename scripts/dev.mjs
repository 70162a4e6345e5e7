// `npm run dev`: compiles changes, and restarts `lockstep up` after each. The page has its own
// server, which replaces changed parts in the browser at once, and which passes requests on to
// `lockstep up`. Arguments are those of `lockstep up`: `npm run dev -- --port 5001`.
import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
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
const { port = process.env.LOCKSTEP_PORT ?? "5000" } = parseArgs({
  options: { port: { type: "string" } },
  strict: false,
}).values;
const env = { ...process.env, LOCKSTEP_DEV_SERVER: `http://127.0.0.1:${port}` };
const children = PROGRAMS.map((args) => spawn(process.execPath, args, { stdio: "inherit", cwd: root, env }));

function end() {
  for (const child of children) child.kill("SIGTERM");
  process.exit(0);
}
process.on("SIGINT", end).on("SIGTERM", end);
for (const child of children) child.on("exit", end);
