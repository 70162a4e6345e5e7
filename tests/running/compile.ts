import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

const TARGET = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true };

/** Read by the scan of the demo, never run. */
const SAMPLE = join("scan", "sample");

/**
 * Brings dist/ up to date, file by file and unchecked: the tests in test/ and the processes they start run what is installed, which is loaded
 * in a fraction of the time that its source takes. The programs of the tests themselves are compiled into dist/test.
 */
export default function compile(): void {
  const outputs = new Set([...compileFolder("src", "dist"), ...compileFolder("test", join("dist", "test"))]);
  for (const path of filesIn("dist")) {
    if (/\.(js|sql|lua)$/.test(path) && !path.startsWith(join("dist", "web")) && !outputs.has(path))
      rmSync(path);
  }
}

/** @returns the paths of what has been compiled or copied, now or before */
function compileFolder(from: string, to: string): string[] {
  const sources = filesIn(from).filter((path) => !path.endsWith(".test.ts"));
  return sources.map((source) => {
    const isCode = source.endsWith(".ts") && !source.includes(SAMPLE);
    const output = join(to, relative(from, source)).replace(/\.ts$/, isCode ? ".js" : ".ts");
    if (modifiedMs(source) <= modifiedMs(output)) return output;
    mkdirSync(dirname(output), { recursive: true });
    if (isCode) writeFileSync(output, compiled(readFileSync(source, "utf8")));
    else copyFileSync(source, output);
    return output;
  });
}

function compiled(source: string): string {
  const { outputText } = ts.transpileModule(source, { compilerOptions: TARGET });
  return outputText.replaceAll('from "../../src/', 'from "../../');
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** 0 for what is not there. */
function modifiedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
