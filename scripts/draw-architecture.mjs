// Draws docs/architecture.svg: the packages, and the modules of `lockstep`, in layers, each above
// what it imports. The arrows are the actual imports, found by dependency-cruiser. An arrow that
// follows from two others is left out. With --check it writes nothing and fails when the picture in
// docs/ is out of date.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise } from "dependency-cruiser";
import { layOut } from "./draw-architecture/lay-out.mjs";
import { draw } from "./draw-architecture/svg.mjs";

const { MODULES, PARTS } = createRequire(import.meta.url)("./boundaries/index.cjs");
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const file = join(root, "docs", "architecture.svg");

process.chdir(root);
const svg = draw(layOut(await importsBetweenParts()));
if (!process.argv.includes("--check")) writeFileSync(file, svg);
else if (readFileSync(file, "utf8") !== svg) {
  console.error("docs/architecture.svg does not show the actual imports. Run: npm run picture");
  process.exitCode = 1;
}

/** Every package and module of `lockstep` that has a file, with its caption and its imports. */
async function importsBetweenParts() {
  const { output } = await cruise(
    ["packages"],
    {
      exclude: { path: ["node_modules", "\\.test\\.ts$", "/sample/", "/test/"] },
      doNotFollow: { path: ["/dist/"] },
      tsPreCompilationDeps: true,
    },
    { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  );
  const found = new Map();
  for (const module of output.modules) {
    const part = partOf(module.source);
    if (part === null || module.source.includes("/dist/")) continue;
    if (!found.has(part)) found.set(part, new Set());
    for (const target of module.dependencies.map((dependency) => partOf(dependency.resolved))) {
      if (target !== null && target !== part) found.get(part).add(target);
    }
  }
  const captions = new Map([...MODULES, ...PARTS].map((row) => [row.name, row.holds]));
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, imports]) => ({ name, caption: captions.get(name) ?? "", imports: [...imports].sort() }));
}

function partOf(path) {
  const [, folder, inner] = /packages\/([^/]+)\/(?:src|dist)\/([^/.]+)/.exec(path) ?? [];
  if (folder === undefined || folder === "page") return null;
  return folder === "lockstep" ? inner : `@lockstep/${folder}`;
}
