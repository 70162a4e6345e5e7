import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { type ArtifactStore, createDiskStore } from "lockstep/internal/artifacts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scanJob } from "../src/scan-job.js";
import { recordingContext } from "./context.js";
import { LEAK } from "./leak.js";
import { makeTar } from "./make-tar.js";
import { makeZip } from "./make-zip.js";
import { inShort, type Options, runScan } from "./run-scan.js";

let base: string;
let root: string;
let store: ArtifactStore;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "lockstep-targets-"));
  root = join(base, "root");
  await mkdir(root);
  store = createDiskStore({ dir: join(base, "store") });
});
afterEach(() => rm(base, { recursive: true, force: true }));

const options = (): Options => ({ store, roots: [root], tempDir: base });
const workspaces = async () => (await readdir(base)).filter((name) => name.startsWith("lockstep-scan-"));
const upload = async (content: Buffer) =>
  (await store.putFile(Readable.from([content]), { name: "upload.bin" })).id;
const FILES = [
  { name: "src/a.js", content: `connect("${LEAK}");\n` },
  { name: ".gitignore", content: "src/\n" },
];
const FOUND = ["high secretlint/database-connection-string src/a.js:1 CWE-798"];
/**
 * This scanner starts in a tenth of the other's time; sample.test.ts and hostile-tree.test.ts test
 * both.
 */
const scanners = ["secretlint"];

describe("an uploaded archive", () => {
  it.each([
    ["zip", makeZip(FILES)],
    ["tar.gz", gzipSync(makeTar(FILES))],
    ["tar", makeTar(FILES)],
  ])(
    "as %s is scanned completely, even files in its .gitignore, and then removed",
    async (_kind, archive) => {
      const file = await upload(archive);
      const { output } = await runScan({ file, scanners }, options());
      expect(output.target).toEqual({ type: "file", file, name: "upload.bin" });
      expect(inShort(output)).toEqual(FOUND);
      expect(await workspaces()).toEqual([]);
    },
  );

  it("that is hostile, not an archive or missing fails permanently, and leaves nothing behind", async () => {
    const hostile = await upload(makeZip([...FILES, { name: "../evil", content: "x" }]));
    await expect(runScan({ file: hostile }, options())).rejects.toMatchObject({
      name: "NonRetryableError",
      code: "ARCHIVE_REFUSED",
    });
    await expect(runScan({ file: await upload(Buffer.from("text")) }, options())).rejects.toMatchObject({
      code: "ARCHIVE_REFUSED",
    });
    await expect(runScan({ file: "0a".repeat(32) }, options())).rejects.toMatchObject({
      name: "NonRetryableError",
      code: "FILE_NOT_FOUND",
    });
    expect((await readdir(base)).sort()).toEqual(["root", "store"]);
  });
});

describe("a folder", () => {
  it("is scanned in place, by a path relative to the first root", async () => {
    await mkdir(join(root, "app"));
    await writeFile(join(root, "app", "a.js"), LEAK);
    await writeFile(join(root, "beside.js"), LEAK);
    const { output } = await runScan({ path: "app", scanners }, options());
    expect(output.target).toEqual({ type: "path", path: "app" });
    expect(inShort(output)).toEqual(["high secretlint/database-connection-string a.js:1 CWE-798"]);
  });

  it("that became a link to a folder outside the roots after the submit is refused at the run", async () => {
    await mkdir(join(root, "app"));
    const job = scanJob({ ...options(), allowPrivateAddresses: false });
    const input = job.input.parse({ path: join(root, "app") });
    await rm(join(root, "app"), { recursive: true });
    await mkdir(join(base, "outside"));
    await symlink(join(base, "outside"), join(root, "app"));
    const { ctx } = recordingContext(store);
    await expect(job.run(input, ctx)).rejects.toMatchObject({
      name: "NonRetryableError",
      message: "path is outside the folders that may be scanned",
    });
    expect(await workspaces()).toEqual([]);
  });

  it("is narrowed by patterns and by the requested scanners", async () => {
    for (const name of ["a.js", "b.js", "c.ts"])
      await writeFile(join(root, name), "eval(process.argv[2]);\n");
    const { output } = await runScan(
      { path: ".", include: ["*.js"], exclude: ["b.*"], scanners: ["eslint"] },
      options(),
    );
    expect(inShort(output)).toEqual(["high security/detect-eval-with-expression a.js:1 CWE-95"]);
    expect(output.scanners.map(({ name, ran, why }) => [name, ran ? "ran" : why])).toEqual([
      ["secretlint", "not requested"],
      ["eslint", "ran"],
      ["semgrep", "not requested"],
      ["gitleaks", "not requested"],
      ["trivy", "not requested"],
    ]);
  });
});

describe("an external scanner", () => {
  /** Installs a program that records how it was called and then runs the given script. */
  async function install(name: string, does: string): Promise<string> {
    const bin = join(base, "bin");
    await mkdir(bin, { recursive: true });
    const script = `#!/bin/sh\necho "$0 $*" >> ${base}/calls\nenv >> ${base}/environment\ncase "$1" in version|--version) echo "${name} 1.2.3"; exit 0;; esac\nfor a in "$@"; do case "$a" in --report-path=*) report="\${a#--report-path=}";; --output=*) report="\${a#--output=}";; esac; done\n${does}\n`;
    await writeFile(join(bin, name), script);
    await chmod(join(bin, name), 0o755);
    return `${bin}:/usr/bin:/bin`;
  }

  const SECRET = ["tok", "pl4nted0123456789"].join("_");
  const SARIF = JSON.stringify({
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "gitleaks",
            rules: [{ id: "shop-token", shortDescription: { text: "Shop token" } }],
          },
        },
        results: [
          {
            ruleId: "shop-token",
            message: { text: `found ${SECRET}` },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: "config.txt" },
                  region: { startLine: 1, startColumn: 10, endLine: 1, endColumn: 31 },
                },
              },
            ],
          },
          {
            ruleId: "shop-token",
            message: { text: "in a file that is left out" },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: "node_modules/x.txt" },
                  region: { startLine: 1 },
                },
              },
            ],
          },
          {
            ruleId: "shop-token",
            message: { text: "outside" },
            locations: [
              {
                physicalLocation: { artifactLocation: { uri: "../../etc/passwd" }, region: { startLine: 1 } },
              },
            ],
          },
        ],
      },
    ],
  });

  it("that is on the path is run, and its findings are shown masked", async () => {
    await writeFile(join(root, "config.txt"), `token = "${SECRET}"\n`);
    process.env.LOCKSTEP_TOKEN = "not for tools";
    const searchPath = await install("gitleaks", `cat > "$report" <<'END'\n${SARIF}\nEND`);
    const input = { path: ".", scanners: [...scanners, "gitleaks"] };
    const { output, sarif } = await runScan(input, { ...options(), searchPath });
    expect(output.scanners).toContainEqual({ name: "gitleaks", version: "1.2.3", ran: true, why: null });
    expect(output.findings).toMatchObject([
      {
        rule: "gitleaks/shop-token",
        title: "Shop token",
        severity: "high",
        category: "secret",
        file: "config.txt",
        start_line: 1,
        scanner: "gitleaks",
      },
    ]);
    expect(output.findings[0]?.snippet).toBe('token = "tok_*****************"');
    expect(JSON.stringify(output) + sarif).not.toContain(SECRET);
    expect(await readFile(join(base, "environment"), "utf8")).not.toContain("not for tools");
    delete process.env.LOCKSTEP_TOKEN;
    const call = (await readFile(join(base, "calls"), "utf8")).split("\n")[1];
    expect(call).toContain(`gitleaks dir ${root} --config=${base}/lockstep-scan-`);
  });

  it.each([
    ["fails", {}, "echo 'no such flag' >&2; exit 3", "exit code 3: no such flag"],
    ["writes no report", {}, "exit 0", "its report could not be read"],
    ["writes a report that is not SARIF", {}, 'echo "{}" > "$report"', "its report could not be read"],
    ["takes too long", { toolMs: 2_000 }, "sleep 1200 & wait", "took longer than 2 s"],
  ])("that %s is reported, and the scan continues without it", async (_what, limits, does, why) => {
    await writeFile(join(root, "a.js"), LEAK);
    const searchPath = await install("gitleaks", does);
    const input = { path: ".", scanners: [...scanners, "gitleaks"] };
    const { output } = await runScan(input, { ...options(), searchPath, limits });
    expect(output.scanners.find(({ name }) => name === "gitleaks")).toEqual({
      name: "gitleaks",
      version: "1.2.3",
      ran: false,
      why,
    });
    expect(output.counts.high).toBe(1);
  });

  it("without rules on this machine is not allowed to download them", async () => {
    const searchPath = await install("semgrep", "exit 1");
    const input = { path: ".", scanners: [...scanners, "semgrep"] };
    const { output } = await runScan(input, { ...options(), searchPath });
    expect(output.scanners.find(({ name }) => name === "semgrep")).toMatchObject({
      ran: false,
      why: expect.stringContaining("no rules"),
    });
  });
});
