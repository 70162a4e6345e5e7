// Compiles src/ to dist/, copies the files that are read at run time (SQL, Lua, samples) and builds the page into dist/web.
// `npm ci` runs it through `prepare`; it needs nothing but the TypeScript compiler and, for the page, Vite.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, rmSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const copiedExtensions = [".sql", ".lua"];
const isSample = (path) => path.includes(`${sep}sample`);

rmSync(join(root, "dist"), { recursive: true, force: true });
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
if (!existsSync(tsc)) {
  // Installed as a dependency: the published package already carries dist/.
  process.exit(0);
}
execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
cpSync(join(root, "src"), join(root, "dist"), {
  recursive: true,
  filter: (path) =>
    !path.split(sep).pop().includes(".") ||
    isSample(path) ||
    copiedExtensions.some((end) => path.endsWith(end)),
});
const cli = join(root, "dist", "cli", "main.js");
if (existsSync(cli)) chmodSync(cli, 0o755);

const vite = join(root, "node_modules", "vite", "bin", "vite.js");
const page = join(root, "web");
// The page is checked by `npm run check`; here it is only put together.
if (existsSync(vite) && existsSync(page))
  execFileSync(process.execPath, [vite, "build", "--logLevel", "warn"], {
    stdio: "inherit",
    cwd: page,
    env: { ...process.env, NODE_ENV: "production" },
  });
