import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDiskStore } from "lockstep/internal/artifacts";
import { canonicalJson, OUTPUT_BYTES_MAX } from "lockstep/internal/job";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleDir } from "../src/shipped-sample.js";
import { inShort, runScan, type ScanRun } from "./run-scan.js";
import { validateSarif } from "./sarif-schema.js";

/** Every fault that was planted in the sample, and nothing else. */
const PLANTED = [
  "critical secretlint/aws config/production.env:4 CWE-798",
  "high secretlint/database-connection-string config/production.env:3 CWE-798",
  "high security/detect-child-process src/server.ts:11 CWE-78",
  "high security/detect-eval-with-expression src/server.ts:15 CWE-95",
  "high sonarjs/no-hardcoded-passwords src/sessions.ts:4 CWE-259",
  "high sonarjs/insecure-jwt-token src/sessions.ts:20 CWE-347",
  "high sonarjs/unverified-certificate src/upstream.js:6 CWE-295",
  "high sonarjs/unverified-hostname src/upstream.js:6 CWE-297",
  "high secretlint/database-connection-string src/users.ts:3 CWE-798",
  "high sonarjs/sql-queries src/users.ts:6 CWE-89",
  "medium sonarjs/cookie-no-httponly src/server.ts:8 CWE-1004",
  "medium sonarjs/insecure-cookie src/server.ts:8 CWE-614",
  "medium sonarjs/hashing src/sessions.ts:7 CWE-328",
  "medium sonarjs/slow-regex src/upstream.js:3 CWE-1333",
  "low sonarjs/x-powered-by src/server.ts:7 CWE-200",
  "low sonarjs/pseudo-random src/sessions.ts:11 CWE-338",
];

/**
 * The made-up credentials of the sample, in pieces, so that no secret scanner reports this file.
 */
const SECRETS = [
  ["PLANTED/NOT/A/REAL", "KEY/0123456789/ABCDEF"].join("/"),
  ["planted-not", "real-1"].join("-"),
  ["planted-horse", "battery-7"].join("-"),
];

describe("a scan of the shipped sample", () => {
  let base: string;
  let run: ScanRun;
  let plain: Record<string, unknown>;

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), "lockstep-sample-"));
    const store = createDiskStore({ dir: join(base, "store") });
    run = await runScan({ path: sampleDir() }, { store, roots: [sampleDir()], tempDir: base });
    plain = JSON.parse(run.sarif);
  });
  afterAll(() => rm(base, { recursive: true, force: true }));

  it("finds exactly what was planted, although comments there tell the scanners to ignore it", () => {
    expect(inShort(run.output)).toEqual(PLANTED);
    expect(run.output.counts).toEqual({ critical: 1, high: 9, medium: 4, low: 2, info: 0 });
    expect(run.output.findings_omitted).toBe(0);
  });

  it("explains what each finding is and what to do", () => {
    for (const finding of run.output.findings) {
      expect(finding.title.length).toBeGreaterThan(5);
      expect(finding.recommendation.length).toBeGreaterThan(10);
      expect(finding.end_line).toBeGreaterThanOrEqual(finding.start_line);
      expect(finding.snippet).not.toBe("");
    }
  });

  it("shows no secret in the output, the report or the log", () => {
    const shown = [
      JSON.stringify(run.output),
      run.sarif,
      ...run.logs,
      ...run.progress.map(({ message }) => message ?? ""),
    ].join("\n");
    for (const secret of SECRETS) {
      expect(shown).not.toContain(secret);
      expect(shown).not.toContain(secret.slice(0, 8));
      expect(shown).not.toContain(secret.slice(-8));
    }
    expect(run.output.findings[0]?.snippet).toMatch(/^AWS_SECRET_ACCESS_KEY=PLAN\*{36}$/);
  });

  it("leaves a report that is valid SARIF 2.1.0, with every finding in it", () => {
    expect(validateSarif(plain)).toEqual([]);
    const runs = plain.runs as { tool: { driver: { name: string } }; results: { ruleId: string }[] }[];
    expect(runs.map(({ tool }) => tool.driver.name)).toEqual(["secretlint", "eslint"]);
    expect(runs.flatMap(({ results }) => results)).toHaveLength(PLANTED.length);
  });

  it("says which scanners ran, and why the others did not", () => {
    expect(run.output.scanners.map(({ name, ran }) => [name, ran])).toEqual([
      ["secretlint", true],
      ["eslint", true],
      ["semgrep", false],
      ["gitleaks", false],
      ["trivy", false],
    ]);
    expect(run.output.scanners[2]?.why).toBe("not installed");
  });

  it("reports its progress file by file, never backwards", () => {
    const fractions = run.progress.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect(run.progress.map(({ message }) => message)).toContain("scanning src/server.ts");
  });

  it("has an output that the ledger can store", () => {
    expect(canonicalJson(run.output, OUTPUT_BYTES_MAX)).toMatchObject({ ok: true });
  });

  it("leaves nothing behind except the report", async () => {
    expect(await readdir(base)).toEqual(["store"]);
  });
});
