import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDiskStore } from "lockstep/internal/artifacts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEADLINE_MS } from "../../../tests/runner/deadline.js";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { scanJob } from "../src/scan-job.js";
import { type GitFetchOptions, gitFetch } from "../src/target/git-fetch.js";
import { checkGitUrl } from "../src/target/git-url.js";
import { type GitServer, startGitServer } from "./git-server.js";
import { processesWith } from "./processes.js";
import { inShort, runScan } from "./run-scan.js";

const MIB = 1024 * 1024;
let base: string;
let server: GitServer;
let fetches = 0;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "lockstep-git-"));
  await mkdir(join(base, "server"));
  await mkdir(join(base, "temp"));
  server = await startGitServer(join(base, "server"), {
    "src/app.js": "eval(process.argv[2]);\n",
    "large.bin": randomBytes(2 * MIB),
    "unfolds.bin": Buffer.alloc(6 * MIB),
    passwords: "link:/etc/passwd",
    ".gitattributes": "*.psd filter=lfs diff=lfs merge=lfs -text\n*.js filter=evil\n",
    "art.psd": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    ".gitmodules":
      '[submodule "x"]\n\tpath = x\n\turl = https://localhost/x.git\n\tupdate = !touch executed\n',
    ".gitignore": "src/\n",
  });
});
afterAll(async () => {
  await server.close();
  await rm(base, { recursive: true, force: true });
});

const url = (name: string, host = "localhost") => `https://${host}:${server.port}/${name}`;

async function fetchFrom(name: string, change: Partial<GitFetchOptions> & { host?: string } = {}) {
  const checked = checkGitUrl(url(name, change.host), true);
  if (!checked.ok) throw new Error(checked.issue);
  fetches += 1;
  const dir = join(base, `fetch-${fetches}`);
  await mkdir(dir);
  const defaults = {
    ref: null,
    dir,
    allowPrivateAddresses: true,
    caFile: server.caFile,
    searchPath: "/usr/bin:/bin",
    timeoutMs: DEADLINE_MS,
    bytesMax: 50 * MIB,
    filesMax: 100,
  };
  return await gitFetch({ ...defaults, signal: new AbortController().signal, ...change, url: checked.value });
}

describe("a scan of a git repository", () => {
  it("fetches the default branch, scans what is committed and names the commit", async () => {
    const options = {
      store: createDiskStore({ dir: join(base, "store") }),
      roots: [],
      tempDir: join(base, "temp"),
      allowPrivateAddresses: true,
      gitCaFile: server.caFile,
    };
    const { output, logs } = await runScan({ git: url("repo.git") }, options);
    expect(output.target).toEqual({ type: "git", url: url("repo.git"), ref: null, commit: server.commit });
    // Committed although its .gitignore names it.
    expect(inShort(output)).toEqual(["high security/detect-eval-with-expression src/app.js:1 CWE-95"]);
    expect(logs[0]).toBe(`fetching ${url("repo.git")}`);
    expect(await readdir(join(base, "temp"))).toEqual([]);
  });

  it("stops when it is cancelled, and stops git, while the server has not answered", async () => {
    const store = createDiskStore({ dir: join(base, "store") });
    const stop = new AbortController();
    const before = server.requests.get("stalled.git") ?? 0;
    const options = {
      store,
      roots: [],
      tempDir: join(base, "temp"),
      allowPrivateAddresses: true,
      gitCaFile: server.caFile,
    };
    const running = Promise.allSettled([runScan({ git: url("stalled.git") }, options, stop.signal)]);
    await waitFor(() => (server.requests.get("stalled.git") ?? 0) > before, {
      what: "git to ask the server",
    });
    const reason = new Error("cancelled");
    stop.abort(reason);
    expect(await running).toEqual([{ status: "rejected", reason }]);
    expect(await readdir(join(base, "temp"))).toEqual([]);
    await waitFor(() => processesWith("stalled.git").length === 0, { what: "git to be gone" });
  });

  it("is rejected at submit when the address is private and private addresses are not allowed", () => {
    const job = scanJob({
      roots: [],
      store: createDiskStore({ dir: join(base, "store") }),
      allowPrivateAddresses: false,
    });
    const parsed = job.input.safeParse({ git: url("repo.git") });
    expect(parsed.error?.issues).toMatchObject([
      { path: ["git"], message: "names a host of the local network" },
    ]);
  });
});

describe("fetching", () => {
  it.each([
    ["a branch", "other"],
    ["a tag", "v1"],
  ])("%s creates its files", async (_what, ref) => {
    const { root } = await fetchFrom("repo.git", { ref });
    expect((await readdir(root)).includes("only-on-other.txt")).toBe(ref === "other");
  });

  it("a commit by its id creates its files", async () => {
    expect((await fetchFrom("repo.git", { ref: server.commit })).commit).toBe(server.commit);
  });

  it("turns symbolic links into plain files and runs no filter, hook or submodule", async () => {
    const { root } = await fetchFrom("repo.git");
    expect(await readFile(join(root, "passwords"), "utf8")).toBe("/etc/passwd");
    expect(await readFile(join(root, "art.psd"), "utf8")).toContain("git-lfs");
    expect(await readdir(root)).not.toContain("executed");
    expect(await readdir(root)).not.toContain("x");
  });

  it("connects to the address that was checked, even if the name resolves to another one", async () => {
    // No name server knows this name: git can connect only because it gets the address.
    const { commit } = await fetchFrom("repo.git", {
      host: "git.example.test",
      lookUp: async () => ["127.0.0.1"],
    });
    expect(commit).toBe(server.commit);
  });

  it.each([
    ["a private address", ["10.0.0.1"]],
    ["a private address among public ones", ["93.184.215.14", "127.0.0.1"]],
    ["the address of a metadata service", ["169.254.169.254"]],
    ["a local IPv6 address", ["fd00::1"]],
  ])("from a name with %s is refused before anything is sent", async (_what, addresses) => {
    const before = server.requests.get("repo.git");
    const refused = fetchFrom("repo.git", {
      host: "git.example.test",
      allowPrivateAddresses: false,
      lookUp: async () => addresses,
    });
    await expect(refused).rejects.toMatchObject({ name: "NonRetryableError", code: "PRIVATE_ADDRESS" });
    expect(server.requests.get("repo.git")).toBe(before);
  });

  it("does not follow a redirect", async () => {
    const before = server.requests.get("repo.git");
    await expect(fetchFrom("moved.git")).rejects.toMatchObject({
      name: "NonRetryableError",
      message: expect.stringContaining("redirect"),
    });
    expect(server.requests.get("repo.git")).toBe(before);
  });

  it.each([
    ["a missing repository", "absent.git", {}],
    ["a repository that needs credentials", "closed.git", {}],
    ["a missing ref", "repo.git", { ref: "absent" }],
    ["a server without a trusted certificate", "repo.git", { caFile: null }],
  ])("%s fails permanently, with git's own message", async (_what, name, change) => {
    process.env.GIT_SSL_NO_VERIFY = "1"; // If this were inherited, it would switch off the last check.
    try {
      await expect(fetchFrom(name, change)).rejects.toMatchObject({
        name: "NonRetryableError",
        code: "GIT_FAILED",
        message: expect.stringMatching(/^git could not fetch the repository: fatal: /),
      });
    } finally {
      delete process.env.GIT_SSL_NO_VERIFY;
    }
  });

  it("stops at the limits of bytes, files and time", async () => {
    await expect(fetchFrom("repo.git", { bytesMax: 2 * MIB })).rejects.toMatchObject({
      code: "TARGET_TOO_LARGE",
    });
    await expect(fetchFrom("repo.git", { filesMax: 3 })).rejects.toThrow("has more than 3 files");
    await expect(fetchFrom("stalled.git", { timeoutMs: 500 })).rejects.toThrow("git took longer than");
  });

  it("reports when git is not installed", async () => {
    await expect(fetchFrom("repo.git", { searchPath: join(base, "temp") })).rejects.toMatchObject({
      code: "GIT_MISSING",
    });
  });
});
