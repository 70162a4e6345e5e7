/**
 * The scanner process. It reads untrusted files with parsers and regular expressions that can crash
 * or hang on them, so it has nothing worth stealing: no environment, no secrets, no connection,
 * and, where Node can forbid it, no permission to write a file or start a program. It may be killed
 * at any time.
 */
import { join } from "node:path";
import { byImportance, noCounts, type RawFinding } from "../report/finding.js";
import { walk } from "../walk/walk.js";
import { readContent } from "./content.js";
import type { OwnScanner, ScannerAnswer, ScannerRequest, ScannerSetup } from "./protocol.js";
import { type SourceFile, sourceFile } from "./source-file.js";
import { dieWithParent } from "./watchdog.js";

const setup = JSON.parse(process.argv[2] ?? "") as ScannerSetup;

interface Loaded {
  readonly version: string;
  readonly scan: (file: SourceFile) => RawFinding[] | Promise<RawFinding[]>;
}

/** Loads a scanner only when it is needed: ESLint and its plugins take more than a second. */
const LOADERS: Readonly<Record<OwnScanner, () => Promise<Loaded>>> = {
  async secretlint() {
    const { findSecrets, secretlintVersion } = await import("./secretlint.js");
    return { version: secretlintVersion, scan: findSecrets };
  },
  async eslint() {
    const { createLinter, eslintVersion } = await import("./eslint.js");
    return { version: eslintVersion, scan: createLinter(setup.root) };
  },
};

function send(answer: ScannerAnswer): void {
  process.send?.(answer);
}

async function answer(request: ScannerRequest): Promise<void> {
  if (request.type === "walk") return send({ type: "walked", ...(await walk(request.options)) });
  const path = join(setup.root, request.file);
  const content = await readContent(path, setup.fileBytesMax);
  if ("skip" in content) return send({ type: "done", skip: content.skip });
  const file = sourceFile(request.file, path, content.text);
  for (const { scan } of scanners.values()) report(await scan(file));
  send({ type: "done", skip: null });
}

/** Limits the findings of one file: above the limit the least severe are only counted. */
function report(findings: RawFinding[]): void {
  findings.sort(byImportance);
  const dropped = noCounts();
  for (const finding of findings.splice(setup.findingsPerFileMax)) dropped[finding.severity] += 1;
  if (findings.length > 0) send({ type: "findings", findings, dropped });
}

dieWithParent();
process.on("disconnect", () => process.exit(0));
const scanners = new Map<OwnScanner, Loaded>();
for (const name of setup.scanners) scanners.set(name, await LOADERS[name]());
process.on("message", (request: ScannerRequest) => {
  answer(request).catch((error: unknown) => send({ type: "failed", message: String(error) }));
});
send({
  type: "ready",
  versions: Object.fromEntries([...scanners].map(([name, { version }]) => [name, version])),
});
