import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import type { TestProject } from "vitest/node";
import { embedTexts } from "../../scripts/embed-texts.mjs";
import { compiledPath } from "./compiled-path.js";

const TARGET = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true };
const RELATIVE_IMPORT = /((?:from|import)\s*\(?\s*")(\.{1,2}\/[^"]+\.js)"/g;
const PACKAGES = "packages";

/**
 * Brings each dist/ up to date, file by file and without type checking. The tests and the processes
 * they start run what is installed, which loads in a fraction of the time that its source takes.
 * The programs of the tests are compiled as well.
 */
export default function setup(project: Pick<TestProject, "onTestsRerun">): void {
  compile();
  // In watch mode too: the processes that tests start run compiled code.
  project.onTestsRerun(async () => compile());
}

function compile(): void {
  embedTexts(".");
  const folders = readdirSync(PACKAGES).filter((name) => name !== "page");
  for (const name of folders) {
    const outputs = new Set([
      ...compileFolder(join(PACKAGES, name, "src")),
      ...compileFolder(join(PACKAGES, name, "test")),
    ]);
    for (const path of filesIn(join(PACKAGES, name, "dist")))
      if (/\.js$/.test(path) && !/\/dist\/(public|sample)\//.test(path) && !outputs.has(path)) rmSync(path);
  }
  compileFolder("tests");
}

/** @returns the paths of everything compiled or copied, now or before */
function compileFolder(folder: string): string[] {
  return filesIn(folder)
    .filter((path) => !/\.(test\.ts|sql|lua)$/.test(path) && !path.startsWith("tests/dist/"))
    .map((source) => {
      const isCode = source.endsWith(".ts") && !source.includes("/sample/");
      const output = compiledPath(source);
      if (modifiedMs(source) <= modifiedMs(output)) return output;
      mkdirSync(dirname(output), { recursive: true });
      if (isCode) writeFileSync(output, compiled(source));
      else copyFileSync(source, output);
      return output;
    });
}

/** Imports from another folder are compiled into the dist/ of that folder. */
function compiled(source: string): string {
  const { outputText } = ts.transpileModule(readFileSync(source, "utf8"), { compilerOptions: TARGET });
  const folder = dirname(compiledPath(source));
  return outputText.replace(RELATIVE_IMPORT, (_whole, head: string, specifier: string) => {
    const target = relative(".", resolve(dirname(source), specifier));
    const path = relative(folder, compiledPath(target));
    return `${head}${path.startsWith(".") ? path : `./${path}`}"`;
  });
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** 0 for a missing file. */
function modifiedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
