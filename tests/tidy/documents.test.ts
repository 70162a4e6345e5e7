import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { ERROR_CODES } from "lockstep/internal/errors";
import { SETTINGS } from "lockstep/internal/settings";
import { settingsOf } from "lockstep/internal/workload";
import { describe, expect, it } from "vitest";
import { EXIT } from "../../packages/cli/src/exit-codes.js";
import { loadWorkloads } from "../../packages/cli/src/workloads.js";
import { anchors, codeRows, links } from "./markdown.js";
import { readTree } from "./tree.js";

const read = (path: string) => readFileSync(path, "utf8");
const documents = readTree().filter((file) => file.path.endsWith(".md"));

describe("docs/errors.md", () => {
  const documented = codeRows(read("docs/errors.md"));

  it("explains every existing code, and no other", () => {
    expect([...documented.keys()].sort()).toEqual(Object.keys(ERROR_CODES).sort());
  });

  it("names the HTTP status that each code becomes", () => {
    for (const [code, { httpStatus }] of Object.entries(ERROR_CODES)) {
      expect(`${code} ${documented.get(code)?.[0]}`).toBe(`${code} ${httpStatus}`);
    }
  });

  it("explains what each code means and what to do", () => {
    for (const [code, cells] of documented) {
      expect(cells.slice(1).every((cell) => cell.length >= 10) && cells.length === 3, code).toBe(true);
    }
  });
});

describe("docs/dependencies.md", () => {
  it("has a row for every runtime dependency, and for nothing else", () => {
    const declared = readdirSync("packages").flatMap((name) => {
      const { dependencies = {}, peerDependencies = {} } = JSON.parse(
        read(`packages/${name}/package.json`),
      ) as Record<string, Record<string, string>>;
      return Object.keys({ ...dependencies, ...peerDependencies });
    });
    const others = new Set(declared.filter((name) => !/^(lockstep$|@lockstep\/)/.test(name)));
    expect([...codeRows(read("docs/dependencies.md")).keys()].sort()).toEqual([...others].sort());
  });
});

describe("the README", () => {
  it("lists every setting with its flag and default, and no other", async () => {
    const listed = codeRows(read("README.md"));
    const settings = { ...SETTINGS, ...settingsOf(await loadWorkloads()) };
    for (const { variable, flag, fallback } of Object.values(settings)) {
      const cells = [flag === "" ? "" : `\`${flag}\``, fallback ? `\`${fallback}\`` : "unset"];
      expect([variable, ...(listed.get(variable)?.slice(0, 2) ?? [])]).toEqual([variable, ...cells]);
    }
    const variables: string[] = Object.values(settings).map((setting) => setting.variable);
    const unknown = [...listed.keys()].filter((name) => /^(LOCKSTEP_|[A-Z]+_URL$)/.test(name));
    expect(unknown.filter((name) => !variables.includes(name))).toEqual([]);
  });

  it("explains every exit code, and no other", () => {
    const listed = [...codeRows(read("README.md")).keys()].filter((code) => /^\d+$/.test(code));
    expect(listed.map(Number).sort()).toEqual(Object.values(EXIT).sort());
  });

  it("names only scripts that package.json has", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = documents.flatMap(({ text }) =>
      [...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1]!),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe("links between documents", () => {
  it("lead to a file that exists, and to a heading it has", () => {
    const dead: string[] = [];
    for (const { path, text } of documents) {
      for (const link of links(text)) {
        if (/^(https?|mailto):/.test(link)) continue;
        const [file = "", anchor] = link.split("#");
        const target = file === "" ? path : normalize(join(dirname(path), file));
        if (!existsSync(target)) dead.push(`${path}: ${link}`);
        else if (anchor && !anchors(read(target)).has(anchor))
          dead.push(`${path}: ${link} (no such heading)`);
      }
    }
    expect(dead).toEqual([]);
  });
});

describe("docs/guarantees.md", () => {
  const text = read("docs/guarantees.md");
  const rows = [...text.matchAll(/^\| (G\d+) \|(.*)\|$/gm)];
  const broken = [...text.matchAll(/^\| (of G\d+) \|(.*)\|$/gm)];

  it("makes the promises G1 to G12, each once", () => {
    expect(rows.map((row) => row[1])).toEqual(Array.from({ length: 12 }, (_, index) => `G${index + 1}`));
  });

  it("names for each promise a test that exists, or says that it is not kept yet", () => {
    for (const [, promise, cells] of [...rows, ...broken]) {
      const named = [...cells!.matchAll(/`((?:packages|tests)\/[^`:]+\.ts): ([^`]+)`/g)];
      if (named.length === 0) expect(`${promise} ${cells}`).toContain("Not in this version");
      for (const [, file, title] of named) {
        expect(existsSync(file!), `${promise}: ${file}`).toBe(true);
        expect(read(file!).includes(title!), `${promise}: ${file} has a test "${title}"`).toBe(true);
      }
    }
  });
});
