import { expect, it } from "vitest";
import { TOOL_ADAPTERS, type ToolAdapter } from "./adapters.js";
import { readSarif } from "./read-sarif.js";

const [semgrep, gitleaks, trivy] = TOOL_ADAPTERS as [ToolAdapter, ToolAdapter, ToolAdapter];

function log(results: unknown[], rules: unknown[] = []): string {
  return JSON.stringify({ version: "2.1.0", runs: [{ tool: { driver: { name: "x", rules } }, results }] });
}

const at = (uri: string, region: object = { startLine: 3, endLine: 4 }) => [
  { physicalLocation: { artifactLocation: { uri }, region } },
];

it("severity comes from the rule's score, else from the level, else from the tool's category", () => {
  const rules = [
    { id: "scored", properties: { "security-severity": "9.8" } },
    { id: "levelled", defaultConfiguration: { level: "warning" } },
    { id: "plain" },
  ];
  const results = [
    ...rules.map(({ id }) => ({ ruleId: id, locations: at("a.py") })),
    { ruleId: "plain", level: "error", locations: at("a.py") },
  ];
  expect(readSarif(log(results, rules), "/tree", gitleaks).map(({ severity }) => severity)).toEqual([
    "critical",
    "medium",
    "high",
    "high",
  ]);
  expect(readSarif(log(results, rules), "/tree", semgrep)[2]?.severity).toBe("medium");
});

it("the weakness is read from each notation that tools use", () => {
  const tags = [["CWE-89: SQL Injection"], ["external/cwe/cwe-079"], ["security"]];
  const rules = tags.map((list, index) => ({ id: `${index}`, properties: { tags: list } }));
  const results = rules.map(({ id }) => ({ ruleId: id, locations: at("a.py") }));
  expect(readSarif(log(results, rules), "/tree", semgrep).map(({ cwe }) => cwe)).toEqual([
    "CWE-89",
    "CWE-79",
    null,
  ]);
});

it("a rule may be given by its index in the list", () => {
  const [found] = readSarif(
    log(
      [{ ruleIndex: 0, locations: at("a.py") }],
      [{ id: "r", name: "Name", properties: { tags: ["secret"] } }],
    ),
    "/tree",
    trivy,
  );
  expect(found).toMatchObject({
    rule: "trivy/r",
    title: "Name",
    category: "secret",
    start_line: 3,
    end_line: 4,
  });
});

it.each([
  ["relative", "src/a%20b.py", "src/a b.py"],
  ["with a dot in front", "./a.py", "a.py"],
  ["absolute in the tree", "/tree/src/a.py", "src/a.py"],
  ["as a file URL", "file:///tree/a.py", "a.py"],
])("a path %s is read", (_what, uri, file) => {
  expect(readSarif(log([{ locations: at(uri) }]), "/tree", semgrep)[0]?.file).toBe(file);
});

it.each(["/etc/passwd", "../a.py", "a/../../b", "https://example.com/a.py", "%zz", "", "/tree-2/a.py"])(
  "a location outside the tree, %j, is left out",
  (uri) => {
    expect(readSarif(log([{ locations: at(uri) }]), "/tree", semgrep)).toEqual([]);
  },
);

it("a result without a location is left out, and anything but SARIF is an error", () => {
  expect(readSarif(log([{ ruleId: "x" }]), "/tree", semgrep)).toEqual([]);
  for (const text of ["", "{}", "[]", '{"runs":[{}]}'])
    expect(() => readSarif(text, "/tree", semgrep)).toThrow();
});
