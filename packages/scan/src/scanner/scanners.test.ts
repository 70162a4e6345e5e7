import { describe, expect, it } from "vitest";
import { rawFindingSchema } from "../report/finding.js";
import { createLinter } from "./eslint.js";
import { findSecrets } from "./secretlint.js";
import { sourceFile } from "./source-file.js";

const lint = createLinter("/tree");
const file = (path: string, text: string) => sourceFile(path, `/tree/${path}`, text);
const rulesIn = (path: string, text: string) =>
  lint(file(path, text)).map(({ rule, start_line }) => `${rule}:${start_line}`);

describe("the linter", () => {
  it.each(["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts"])("reads .%s", (extension) => {
    expect(rulesIn(`a.${extension}`, "eval(process.argv[2]);\n")).toEqual([
      "security/detect-eval-with-expression:1",
    ]);
  });

  it("reads types, decorators and JSX, and skips other files", () => {
    expect(rulesIn("a.ts", "export const a = <T,>(x: T): T => x satisfies T;\n")).toEqual([]);
    expect(rulesIn("a.tsx", "export const A = () => <p>{eval(location.hash)}</p>;\n")).toEqual([
      "security/detect-eval-with-expression:1",
    ]);
    expect(rulesIn("a.py", "eval(x)\n")).toEqual([]);
  });

  it("reports one finding when two rules find the same weakness on one line", () => {
    expect(rulesIn("a.js", "export const r = /^(a+)+$/;\n")).toEqual(["sonarjs/slow-regex:1"]);
  });

  it("reports a file that it cannot parse, and every finding matches the schema", () => {
    const findings = [
      ...lint(file("a.ts", "export const = 1;\n")),
      ...lint(file("b.ts", "var a = 1; var a = 1; if (a == a) {}\n")),
    ];
    expect(findings[0]).toMatchObject({ rule: "eslint/not-parsed", severity: "info" });
    expect(findings.length).toBeGreaterThan(1);
    for (const finding of findings) expect(rawFindingSchema.safeParse(finding).error).toBeUndefined();
  });
});

describe("the search for secrets", () => {
  // In pieces, so that no other scan reports this file.
  const planted: readonly (readonly [rule: string, secret: string, line: string])[] = [
    ["aws", "PLANTED/NOT/A/REAL/KEY/0123456789/ABCDEF", "AWS_SECRET_ACCESS_KEY = '%'"],
    ["npm", `npm_${"Planted0".repeat(4)}abcd`, "token: %"],
    ["github", `ghp_${"Planted0".repeat(4)}abcd`, "token: %"],
    ["slack", ["xoxb", "123456789012", "Planted0Planted0"].join("-"), "slack(%)"],
    ["basicauth", ["https:", "", "shop:pl4nted-value@shop.test", ""].join("/"), 'url = "%"'],
    [
      "database-connection-string",
      ["mongodb:", "", "shop:pl4nted-value@db.shop.example", "shop"].join("/"),
      'url = "%";',
    ],
  ];

  it.each(planted)("%s: the whole secret is known, to be masked", async (rule, secret, line) => {
    const findings = await findSecrets(file("config.txt", `first line\n${line.replace("%", secret)}\n`));
    expect(findings).toMatchObject([{ rule: `secretlint/${rule}`, start_line: 2, category: "secret" }]);
    expect(findings[0]?.secrets.some((value) => value.includes(secret.replace(/\/$/, "")))).toBe(true);
  });

  it("privatekey: every line of the key is known, to be masked", async () => {
    const lines = [
      `MII${"EpAIBAAKCAQEAplantedplanted0".repeat(2)}`,
      "cGxhbnRlZCwgbm90IGEga2V5LCBwbGFudGVkLCBub3QgYSBrZXk0",
      "cGxhbnRlZCwgbm90IGEga2V5LCBwbGFudGVkLCBub3QgYSBrZXk1",
    ];
    const key = [`-----BEGIN RSA ${"PRIVATE"} KEY-----`, ...lines, `-----END RSA ${"PRIVATE"} KEY-----`].join(
      "\n",
    );
    const findings = await findSecrets(file("id_rsa", key));
    expect(findings).toMatchObject([{ rule: "secretlint/privatekey", severity: "critical", secrets: lines }]);
  });
});
