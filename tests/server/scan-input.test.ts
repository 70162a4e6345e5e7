import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDiskStore } from "lockstep/internal/artifacts";
import { expect, it } from "vitest";
import { scanJob } from "../../packages/scan/src/scan-job.js";
import { startServer } from "../../packages/server/test/start.js";

it("a scan of a forbidden target is rejected at submit, with a pointer, and nothing is recorded", async () => {
  const root = await mkdtemp(join(tmpdir(), "lockstep-test-"));
  const scan = scanJob({
    roots: [root],
    allowPrivateAddresses: false,
    store: createDiskStore({ dir: join(root, "files") }),
  });
  const server = await startServer("postgres", { definitions: [scan] });
  const inputs: [object, string][] = [
    [{ path: "/etc" }, "/input/path"],
    [{ path: join(root, "..") }, "/input/path"],
    [{ path: `${root}/../../etc` }, "/input/path"],
    [{ git: "ext::sh -c touch% /tmp/x" }, "/input/git"],
    [{ git: "--upload-pack=touch /tmp/x" }, "/input/git"],
    [{ git: "https://user:password@example.org/x.git" }, "/input/git"],
    [{ git: "https://127.0.0.1/x.git" }, "/input/git"],
    [{ git: "https://[::1]/x.git" }, "/input/git"],
    [{ git: "https://10.0.0.1/x.git" }, "/input/git"],
    [{ git: "https://169.254.169.254/latest" }, "/input/git"],
    [{ git: "file:///etc" }, "/input/git"],
    [{ git: "https://example.org/x.git", ref: "--option" }, "/input/ref"],
    [{ file: "../../etc/passwd" }, "/input/file"],
    [{}, "/input"],
    [{ path: root, paths: [] }, "/input/paths"],
  ];
  for (const [input, pointer] of inputs) {
    const { status, body } = await server.post("/api/jobs", { kind: "scan", input });
    expect([status, body.code], JSON.stringify(input)).toEqual([422, "INVALID_INPUT"]);
    expect(
      body.errors.map((issue: { pointer: string }) => issue.pointer),
      JSON.stringify(input),
    ).toContain(pointer);
    expect(JSON.stringify(body)).not.toContain("password@");
  }
  expect((await server.get("/api/jobs")).body.jobs).toEqual([]);
  expect((await server.post("/api/jobs", { kind: "scan", input: { path: root } })).status).toBe(202);
  expect((await server.get("/api/kinds/scan")).body.input_schema).toMatchObject({ type: "object" });
  await rm(root, { recursive: true, force: true });
});
