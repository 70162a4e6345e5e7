import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ArtifactStore, createDiskStore } from "lockstep/internal/artifacts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { heavyCode } from "./heavy-code.js";
import { LEAK } from "./leak.js";
import { inShort, type Options, runScan } from "./run-scan.js";

let base: string;
let root: string;
let store: ArtifactStore;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "lockstep-hostile-"));
  root = join(base, "tree");
  await mkdir(root);
  store = createDiskStore({ dir: join(base, "store") });
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function plant(files: Record<string, string | Buffer>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

const scan = (options: Partial<Options> = {}) =>
  runScan({ path: root }, { store, roots: [root], tempDir: base, ...options });

const HEAVY = heavyCode();

describe("a scanned tree", () => {
  it("cannot get its code, configuration or plugins loaded", async () => {
    const mark = join(base, "executed");
    const evil = `require("node:fs").writeFileSync(${JSON.stringify(mark)}, "x"); module.exports = {};`;
    await plant({
      "eslint.config.js": evil,
      "eslint.config.mjs": `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(mark)}, "x"); export default [];`,
      ".eslintrc.js": evil,
      ".eslintrc.json": JSON.stringify({ root: true, parser: "./evil.js", plugins: ["evil"], rules: {} }),
      ".secretlintrc.js": evil,
      ".secretlintrc.json": JSON.stringify({ rules: [] }),
      "evil.js": evil,
      "tsconfig.json": JSON.stringify({
        extends: "./evil.js",
        compilerOptions: { plugins: [{ name: "./evil.js" }] },
      }),
      "package.json": JSON.stringify({
        dependencies: { react: "*", express: "*" },
        eslintConfig: { plugins: ["evil"] },
      }),
      "node_modules/react/index.js": evil,
      "node_modules/react/package.json": JSON.stringify({
        name: "react",
        version: "18.0.0",
        main: "index.js",
      }),
      "node_modules/eslint/package.json": JSON.stringify({
        name: "eslint",
        version: "9.0.0",
        main: "api.js",
      }),
      "node_modules/eslint/api.js": evil,
      "node_modules/typescript/index.js": evil,
      "src/app.jsx": 'import React from "react";\nexport const App = () => <p>{eval(location.hash)}</p>;\n',
    });
    const { output } = await scan();
    expect(inShort(output)).toContain("high security/detect-eval-with-expression src/app.jsx:2 CWE-95");
    expect(await readdir(base)).not.toContain("executed");
  });

  it("cannot hide a finding behind a comment", async () => {
    await plant({
      "a.js":
        "/* eslint-disable */\n// eslint-disable-next-line\neval(process.argv[2]); // NOSONAR eslint-disable-line\n/* global eval:off */\n",
      "b.txt": `# secretlint-disable\n${LEAK}\n# secretlint-disable-line\n`,
    });
    const { output } = await scan();
    expect(inShort(output)).toEqual([
      "high security/detect-eval-with-expression a.js:3 CWE-95",
      "high secretlint/database-connection-string b.txt:2 CWE-798",
    ]);
  });

  it("has its secrets masked wherever the value occurs, also in other files", async () => {
    await plant({
      ".env": `DATABASE_URL=${LEAK}\n`,
      "a.js": `const url = "${LEAK}"; eval(url + process.argv[2]);\n`,
      "b.js": `eval("pl4nted-value" + process.argv[2]);\n`,
    });
    const { output, sarif } = await scan();
    expect(output.findings.map(({ file }) => file)).toEqual(expect.arrayContaining([".env", "a.js", "b.js"]));
    expect(JSON.stringify(output) + sarif).not.toContain("pl4nted-value");
    expect(output.findings.find(({ file }) => file === "b.js")?.snippet).toBe(
      'eval("pl4**********" + process.argv[2]);',
    );
  });

  it("cannot make the scan read through its symbolic links", async () => {
    await writeFile(join(base, "outside.txt"), LEAK);
    await symlink(join(base, "outside.txt"), join(root, "link.txt"));
    await symlink(base, join(root, "up"));
    const { output } = await scan();
    expect(output).toMatchObject({
      findings: [],
      files_scanned: 0,
      files_skipped: [{ reason: "a symbolic link", count: 2, examples: ["link.txt", "up"] }],
    });
  });

  it("has every file listed: scanned, or skipped with a reason", async () => {
    await plant({
      "a.ts": "export const a = 1;\n",
      "broken.ts": "export const = ;\n",
      "image.png": Buffer.from([0x89, 0x50, 0, 1]),
      "big.txt": "x".repeat(2_000),
      "min.js": `var a=${"1+".repeat(400)}1;`.repeat(3),
      "lib.min.js": "x",
      ".gitignore": "*.log\n",
      "debug.log": LEAK,
      "node_modules/x/index.js": "x",
    });
    const { output } = await scan({ limits: { fileBytesMax: 1_900 } });
    expect(output.files_scanned).toBe(3);
    expect(
      Object.fromEntries(output.files_skipped.map(({ reason, examples }) => [reason, examples])),
    ).toEqual({
      "a folder of dependencies or of a tool": ["node_modules/"],
      "ignored by .gitignore": ["debug.log"],
      "larger than the limit": ["big.txt", "min.js"],
      "minified or generated": ["lib.min.js"],
      "not text": ["image.png"],
    });
    expect(inShort(output)).toEqual(["info eslint/not-parsed broken.ts:1 null"]);
  });

  it("shows at most as many findings as the limit says, the most severe ones, and counts all of them", async () => {
    await plant({
      "a.js": Array.from({ length: 20 }, () => "eval(process.argv[2]);").join("\n"),
      "b.txt": "x\n",
      "c.js": "Math.random();\n".repeat(9),
    });
    const { output, sarif } = await scan({ limits: { findingsMax: 22, outputFindingsMax: 5 } });
    expect(output.counts).toMatchObject({ high: 20, low: 9 });
    expect(output.findings.map(({ severity }) => severity)).toEqual(["high", "high", "high", "high", "high"]);
    expect(output.findings_omitted).toBe(24);
    expect(JSON.parse(sarif).runs[1].results).toHaveLength(22);
  });
});

describe("a file that crashes or delays the scanner", () => {
  it("is skipped when it takes too long, and the others are scanned", async () => {
    await plant({
      "a.js": "eval(process.argv[2]);\n",
      "heavy.js": HEAVY,
      "z.js": "eval(process.argv[2]);\n",
      "z.txt": `${LEAK}\n`,
    });
    const { output, logs } = await scan({ limits: { fileMs: 8_000, fileBytesMax: 20_000_000 } });
    expect(output.files_skipped).toEqual([
      { reason: "took the scanner too long", count: 1, examples: ["heavy.js"] },
    ]);
    expect(output.files_scanned).toBe(3);
    expect(output.counts.high).toBe(3);
    expect(logs).toContain("skipped heavy.js: it took the scanner too long");
  });

  it("is skipped when it crashes the scanner, and earlier findings in it are kept", async () => {
    await plant({
      "a.js": "eval(process.argv[2]);\n",
      "heavy.js": `// ${LEAK}\n${HEAVY}`,
      "z.txt": `${LEAK}\n`,
    });
    const { output } = await scan({
      limits: { scannerHeapMib: 256, fileMs: 600_000, fileBytesMax: 20_000_000 },
    });
    expect(output.files_skipped).toEqual([
      { reason: "crashed the scanner", count: 1, examples: ["heavy.js"] },
    ]);
    expect(inShort(output)).toEqual([
      "high security/detect-eval-with-expression a.js:1 CWE-95",
      "high secretlint/database-connection-string heavy.js:1 CWE-798",
      "high secretlint/database-connection-string z.txt:1 CWE-798",
    ]);
  });

  it("fails the scan permanently when there are too many such files", async () => {
    await plant({ "a.js": HEAVY, "b.js": HEAVY });
    const failed = scan({
      limits: { scannerHeapMib: 256, fileMs: 500, crashesMax: 1, fileBytesMax: 20_000_000 },
    });
    await expect(failed).rejects.toMatchObject({
      name: "NonRetryableError",
      message: expect.stringContaining("the scanner died on 2 files"),
    });
    expect(await readdir(base)).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/^lockstep-scan/)]),
    );
  });
});
