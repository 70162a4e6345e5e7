import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { satisfies } from "semver";
import { describe, expect, it } from "vitest";
import { installedPackages, newProject } from "./project.js";
import { PUBLISHED, tarballOf, tarballsFor } from "./published.js";

/** The oldest version that we promise to support. */
const NODE_MIN = "20.19.0";
/** ESM only: Node.js 20.19 and newer load it with `require` as well, which the examples show. */
const IGNORED = new Set(["CJSResolvesToESM"]);
const RESOLUTIONS_IGNORED = new Set(["node10"]);

describe.each(PUBLISHED)("the tarball of $name", (manifest) => {
  it("holds the build and nothing else: no tests, no pictures, no sources", () => {
    const files = execFileSync("tar", ["tzf", tarballOf(manifest)], { encoding: "utf8" })
      .trim()
      .split("\n");
    const page = /^package\/dist\/public\//;
    const odd = files.filter(
      (file) => !page.test(file) && /\/test\/|\.test\.|\.(png|tsbuildinfo)$|^package\/src\//.test(file),
    );
    expect(odd).toEqual([]);
    expect(files).toContain("package/README.md");
    expect(files).toContain("package/LICENSE");
  });

  it("passes publint", async () => {
    const tarball = readFileSync(tarballOf(manifest));
    const { messages, pkg } = await publint({
      pack: { tarball: new Uint8Array(tarball).buffer },
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("passes attw: every entry has types, for Node.js and for bundlers", async () => {
    const data = new Uint8Array(readFileSync(tarballOf(manifest)));
    const result = await checkPackage(createPackageFromTarballData(data));
    const problems = "problems" in result ? result.problems : [];
    const open = problems.filter(
      (one) =>
        !IGNORED.has(one.kind) && !("resolutionKind" in one && RESOLUTIONS_IGNORED.has(one.resolutionKind)),
    );
    expect(open).toEqual([]);
    // The command has no entry of its own.
    if (manifest.name !== "@lockstep/cli") expect(result.types).toBeTruthy();
  });

  it(`installs without an engine warning, also on Node.js ${NODE_MIN}`, async () => {
    const project = await newProject(tarballsFor(manifest.name));
    expect(project.warnings).not.toContain("EBADENGINE");
    const refusing = installedPackages(project.folder).filter(
      ({ engines }) => engines?.node !== undefined && !satisfies(NODE_MIN, engines.node),
    );
    expect(refusing.map(({ name, engines }) => `${name} wants ${engines?.node}`)).toEqual([]);
  });
});
