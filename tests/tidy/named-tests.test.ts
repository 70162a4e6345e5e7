import { expect, it } from "vitest";
import { readTree } from "./tree.js";

const tree = readTree();
const tests = tree.map((file) => `/${file.path}`).filter((path) => /\.test\.tsx?$/.test(path));

const NAMED = /[\w@./-]*[\w-]\.test\.tsx?\b/g;
const COMMENT = /(?:^|\s)(?:\/\/|--|#)\s(.*)$|^\s*\/?\*+(.*)$/;

/** The test files that a document, or the comments of a code file, name but that do not exist. */
function missing(path: string, text: string): string[] {
  const prose = path.endsWith(".md")
    ? text
    : text
        .split("\n")
        .map((line) => COMMENT.exec(line)?.slice(1).join("") ?? "")
        .join("\n");
  const named = [...prose.matchAll(NAMED)].map(([name]) => name.replace(/^[./]*/, ""));
  return named.filter((name) => !tests.some((test) => test.endsWith(`/${name}`)));
}

it("a test file that a comment or a document names exists", () => {
  const dead = tree.flatMap(({ path, text }) => missing(path, text).map((name) => `${path}: ${name}`));
  expect(dead).toEqual([]);
});

it("a missing one is noticed, in comments and documents only", () => {
  const here = ["named-tests", "test.ts"].join(".");
  const gone = ["gone", "test.ts"].join(".");
  expect(missing("src/a.ts", `x(); // held by \`${gone}\`\n/** See tests/tidy/${here}. */`)).toEqual([gone]);
  expect(missing("a.sql", `-- ${gone}: prepares it`)).toEqual([gone]);
  expect(missing("docs/a.md", `\`npx vitest run test/old/${gone}\``)).toEqual([`test/old/${gone}`]);
  expect(missing("src/a.ts", `write("${gone}");`)).toEqual([]);
});
