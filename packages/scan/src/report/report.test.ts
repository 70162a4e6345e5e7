import { describe, expect, it } from "vitest";
import { createTally } from "../walk/tally.js";
import { createCollector } from "./collect.js";
import { type RawFinding, SEVERITIES, type Severity } from "./finding.js";
import { scanOutput } from "./output.js";
import { present } from "./present.js";
import { sarifLog } from "./sarif.js";

function finding(change: Partial<RawFinding> = {}): RawFinding {
  return {
    title: "Title",
    severity: "low",
    category: "bug",
    file: "src/a.ts",
    start_line: 1,
    end_line: 1,
    start_column: 1,
    snippet: "code",
    message: "message",
    recommendation: "advice",
    rule: "sonarjs/x",
    scanner: "eslint",
    cwe: null,
    help_url: null,
    secrets: [],
    ...change,
  };
}

const never = new AbortController().signal;

describe("the collector", () => {
  it("counts everything and keeps the most severe", () => {
    const collector = createCollector(2);
    const of = (severity: Severity) => finding({ severity });
    collector.add([of("info"), of("low"), of("critical"), of("info")]);
    collector.addDropped({ medium: 3 });
    expect(collector.counts()).toEqual({ critical: 1, high: 0, medium: 3, low: 1, info: 2 });
    expect(collector.kept().map(({ severity }) => severity)).toEqual(["critical", "low"]);
  });

  it("orders by severity, then by place", () => {
    const collector = createCollector(10);
    const places = [
      ["b.ts", 1],
      ["a.ts", 10],
      ["a.ts", 2],
    ] as const;
    for (const severity of [...SEVERITIES].reverse())
      collector.add(places.map(([file, start_line]) => finding({ severity, file, start_line })));
    const order = collector
      .kept()
      .slice(0, 4)
      .map(({ severity, file, start_line }) => `${severity} ${file}:${start_line}`);
    expect(order).toEqual(["critical a.ts:2", "critical a.ts:10", "critical b.ts:1", "high a.ts:2"]);
  });
});

describe("a presented finding", () => {
  it("has secrets masked in title, message and snippet, including secrets of other findings", async () => {
    const secret = "s3cr3t-value";
    const [first, second] = await present(
      [
        finding({ secrets: [secret], snippet: secret }),
        finding({ title: secret, message: `it is ${secret}` }),
      ],
      never,
    );
    expect([first?.snippet, second?.title, second?.message]).toEqual([
      "s3c*********",
      "s3c*********",
      "it is s3c*********",
    ]);
    expect(first).not.toHaveProperty("secrets");
  });

  it("is cut only after masking, so that no part of a secret remains", async () => {
    const secret = `k${"0123456789".repeat(30)}`;
    const [shown] = await present(
      [finding({ secrets: [secret], snippet: `${"x".repeat(150)}${secret}` })],
      never,
    );
    expect(shown?.snippet).toBe(`${"x".repeat(150)}k012${"*".repeat(45)}…`);
  });

  it("contains no character that a terminal interprets or a database refuses", async () => {
    const [shown] = await present(
      [finding({ file: "a\u001b[2Jb", snippet: "a\u0000\u202eb\ud800\tc", message: "x\u0007" })],
      never,
    );
    expect([shown?.file, shown?.snippet, shown?.message]).toEqual([
      "a\ufffd[2Jb",
      "a\ufffd\ufffdb\ufffd\tc",
      "x\ufffd",
    ]);
  });
});

it("the SARIF log has a run for each scanner, paths as URIs and a rule for each result", async () => {
  const findings = await present(
    [
      finding({ file: "src/a b#ü.ts", cwe: "CWE-95", severity: "critical" }),
      finding({ scanner: "gitleaks", rule: "gitleaks/y" }),
    ],
    never,
  );
  const tools = [
    { name: "eslint", version: "9" },
    { name: "gitleaks", version: null },
    { name: "secretlint", version: "1" },
  ];
  const { runs } = JSON.parse(await sarifLog(findings, tools));
  expect(runs.map((run: { results: unknown[] }) => run.results.length)).toEqual([1, 1, 0]);
  expect(runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe("src/a%20b%23%C3%BC.ts");
  expect(runs[0].tool.driver.rules[0]).toMatchObject({
    id: "sonarjs/x",
    properties: { "security-severity": "9.5", tags: ["bug", "external/cwe/cwe-095"] },
  });
});

it("the output keeps to its limits in number and bytes, and reports what is omitted", async () => {
  const findings = await present(
    Array.from({ length: 10 }, () => finding()),
    never,
  );
  const parts = {
    target: { type: "path", path: "." },
    counts: { critical: 0, high: 0, medium: 0, low: 12, info: 0 },
    filesScanned: 1,
    skipped: [],
    findings,
    scanners: [],
    durationMs: 5,
  } as const;
  expect(scanOutput({ ...parts, findingsMax: 4, bytesMax: 1e6 })).toMatchObject({
    findings: { length: 4 },
    findings_omitted: 8,
  });
  const small = scanOutput({ ...parts, findingsMax: 10, bytesMax: 700 });
  expect(JSON.stringify(small.findings).length).toBeLessThanOrEqual(701);
  expect(small.findings_omitted).toBe(12 - small.findings.length);
});

it("a tally keeps exact counts and a few examples, most frequent first", () => {
  const tally = createTally();
  for (let n = 0; n < 25; n += 1) tally.add("binary", `${n}.png`);
  tally.merge([
    { reason: "symlink", count: 40, examples: ["a"] },
    { reason: "binary", count: 2, examples: ["x", "y"] },
  ]);
  expect(tally.list().map(({ reason, count, examples }) => [reason, count, examples.length])).toEqual([
    ["symlink", 40, 1],
    ["binary", 27, 20],
  ]);
  expect(tally.total()).toBe(67);
});
