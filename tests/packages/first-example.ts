import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The first program in a package's README. */
export function firstExample(folder: string): string {
  const found = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(folder, "README.md"), "utf8"));
  if (found?.[1] === undefined) throw new Error(`${folder}/README.md has no program`);
  return found[1];
}

/** The same program for CommonJS, which has no `import`, and `await` only inside a function. */
export function asCommonJs(program: string): string {
  const imports: string[] = [];
  const rest = program.replace(/^import (.*?) from "([^"]+)";$/gms, (_, names: string, from: string) => {
    imports.push(`const ${names.replace(/\btype \w+,?\s*/g, "")} = require("${from}");`);
    return "";
  });
  return `${imports.join("\n")}\nasync function main() {\n${rest}\n}\nvoid main();\n`;
}
