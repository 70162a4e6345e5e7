/**
 * Where `compile` puts a file: `packages/x/src/a.ts` in `packages/x/dist/a.js`,
 * `packages/x/test/a.ts` in `packages/x/dist/test/a.js`, `tests/a.ts` in `tests/dist/a.js`.
 * @param path from the root of the checkout
 */
export function compiledPath(path: string): string {
  const output = path
    .replace(/^(packages\/[^/]+)\/src\//, "$1/dist/")
    .replace(/^(packages\/[^/]+)\/test\//, "$1/dist/test/")
    .replace(/^tests\/(?!dist\/)/, "tests/dist/");
  return output.includes("/sample/") ? output : output.replace(/(?<!\.d)\.ts$/, ".js");
}
