// Draws docs/rooms.svg: the rooms of src/ in layers, each above what it imports. The arrows are the imports that
// are really there, found by dependency-cruiser; an arrow that follows from two others is left out.
// With --check it writes nothing and fails when the picture in docs/ is not the one it would draw.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise } from "dependency-cruiser";
import rooms from "./rooms.cjs";
import { layOut } from "./rooms-picture/lay-out.mjs";
import { draw } from "./rooms-picture/svg.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const file = join(root, "docs", "rooms.svg");

process.chdir(root);
const svg = draw(layOut(await importsBetweenRooms()));
if (!process.argv.includes("--check")) writeFileSync(file, svg);
else if (readFileSync(file, "utf8") !== svg) {
  console.error("docs/rooms.svg does not show the imports of src/ any more. Run: npm run picture");
  process.exitCode = 1;
}

/** Every room that has a file, with its caption and the rooms it imports. */
async function importsBetweenRooms() {
  const { output } = await cruise(["src"], {
    exclude: { path: ["node_modules", "\\.test\\.ts$", "/sample/"] },
    tsPreCompilationDeps: true,
  });
  const found = new Map();
  for (const module of output.modules) {
    const room = roomOf(module.source);
    if (room === null) continue;
    if (!found.has(room)) found.set(room, new Set());
    for (const target of module.dependencies.map((dependency) => roomOf(dependency.resolved))) {
      if (target !== null && target !== room) found.get(room).add(target);
    }
  }
  const captions = new Map(rooms.ROOMS.map((row) => [row.room, row.holds]));
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, imports]) => ({ name, caption: captions.get(name) ?? "", imports: [...imports].sort() }));
}

function roomOf(path) {
  return /^src\/([^/]+)/.exec(path)?.[1] ?? null;
}
