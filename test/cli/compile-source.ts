import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

const TARGET = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true };

/** Read by the scan of the demo, never run. */
const SAMPLE = join("scan", "sample");

/**
 * Brings dist/ up to date, file by file and unchecked: the tests of the command line run what is installed, which starts in a fraction
 * of the time that its source takes.
 */
export default function compileSource(): void {
  const files = readdirSync("src", { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const source of files) {
    const isCode = source.endsWith(".ts") && !source.includes(SAMPLE);
    const output = join("dist", relative("src", source)).replace(/\.ts$/, isCode ? ".js" : ".ts");
    if (modifiedMs(source) <= modifiedMs(output)) continue;
    mkdirSync(dirname(output), { recursive: true });
    if (!isCode) copyFileSync(source, output);
    else
      writeFileSync(
        output,
        ts.transpileModule(readFileSync(source, "utf8"), { compilerOptions: TARGET }).outputText,
      );
  }
}

/** 0 for what is not there. */
function modifiedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
