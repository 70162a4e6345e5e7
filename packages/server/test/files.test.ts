import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ArtifactStore, createDiskStore } from "lockstep/internal/artifacts";
import { afterEach, expect, it } from "vitest";
import { claimOne, registerWorker } from "../../lockstep/test/ledger/engines.js";
import { startServer, type TestServer } from "./start.js";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function startWithStore(): Promise<{ server: TestServer; files: ArtifactStore }> {
  const dir = await mkdtemp(join(tmpdir(), "lockstep-test-"));
  folders.push(dir);
  const files = createDiskStore({ dir, fileBytesMax: 1_000_000 });
  return { server: await startServer("postgres", { files }), files };
}

function form(...runtime: [string, Blob | string, string?][]): FormData {
  const data = new FormData();
  for (const [name, value, filename] of runtime)
    if (typeof value === "string") data.append(name, value);
    else data.append(name, value, filename);
  return data;
}

it("an uploaded file is stored by its content, whatever its name", async () => {
  const { server } = await startWithStore();
  const upload = (name: string) =>
    server.call("POST", "/api/files", { raw: form(["file", new Blob(["hello"]), name]) });
  const first = await upload("a.txt");
  const id = createHash("sha256").update("hello").digest("hex");
  expect(first).toMatchObject({
    status: 201,
    body: { id, name: "a.txt", bytes: 5, media_type: "text/plain; charset=utf-8" },
  });
  expect(first.headers.get("location")).toBe(`/api/files/${id}`);
  expect((await upload("b.txt")).body.id).toBe(id);
  expect((await server.get(`/api/files/${id}`)).body).toMatchObject({ id, name: "b.txt" });
});

it("an upload is rejected when it is too large, is not a form, has no file, or names a path", async () => {
  const { server } = await startWithStore();
  const post = (raw: FormData) => server.call("POST", "/api/files", { raw });
  const large = await post(form(["file", new Blob(["x".repeat(1_000_001)]), "a"]));
  expect(large).toMatchObject({ status: 413, body: { code: "BODY_TOO_LARGE" } });
  expect(await server.post("/api/files", {})).toMatchObject({
    status: 415,
    body: { code: "UNSUPPORTED_MEDIA_TYPE" },
  });
  expect(await server.call("POST", "/api/files")).toMatchObject({ status: 415 });
  expect((await post(form(["note", "text"]))).status).toBe(400);
  expect((await post(form())).status).toBe(400);
  for (const name of ["..", ".hidden", "a\u0000b"])
    expect((await post(form(["file", new Blob(["x"]), name]))).status, name).toBeGreaterThanOrEqual(400);
  const cut = await server.call("POST", "/api/files", {
    raw: '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf',
    headers: { "content-type": "multipart/form-data; boundary=b" },
  });
  expect(cut).toMatchObject({ status: 400, body: { code: "INVALID_REQUEST" } });
  for (const id of ["x", "../../etc/passwd", "%2e%2e", "a".repeat(64)])
    expect((await server.get(`/api/files/${encodeURIComponent(id)}`)).body.code).toBe("FILE_NOT_FOUND");
});

it("a job's artifacts are downloads, with a harmless media type, from one attempt", async () => {
  const { server, files } = await startWithStore();
  const { id } = (await server.post("/api/jobs", { kind: "noop" })).body;
  expect((await server.get(`/api/jobs/${id}/artifacts`)).body).toEqual({ attempt: 0, artifacts: [] });
  await claimOne(server.bench, await registerWorker(server.bench));
  const write = (name: string, content: string, media_type: string, attempt = 1) =>
    files.writeArtifact({ job_id: id, attempt, name, content, media_type });
  await write("report.sarif", "{}", "application/sarif+json");
  await write("naïve page.html", "<script>alert(1)</script>", "text/html");
  await write("next.txt", "of another attempt", "text/plain", 2);
  const list = (await server.get(`/api/jobs/${id}/artifacts`)).body;
  expect(list.artifacts.map((file: { name: string }) => file.name)).toEqual([
    "naïve page.html",
    "report.sarif",
  ]);
  expect((await server.get(`/api/jobs/${id}/artifacts?attempt=2`)).body.artifacts).toHaveLength(1);
  const page = await server.get(`/api/jobs/${id}/artifacts/${encodeURIComponent("naïve page.html")}`);
  expect(page.body).toBe("<script>alert(1)</script>");
  const header = (name: string) => page.headers.get(name);
  expect(header("content-type")).toBe("application/octet-stream");
  expect(header("x-content-type-options")).toBe("nosniff");
  expect(header("content-disposition")).toBe(
    `attachment; filename="na_ve page.html"; filename*=UTF-8''na%C3%AFve%20page.html`,
  );
  const sarif = await server.get(`/api/jobs/${id}/artifacts/report.sarif`);
  expect(sarif.headers.get("content-type")).toBe("application/sarif+json");
  for (const name of ["next.txt", "none", "..%2f..%2fnext.txt", "..%00", "a%00"])
    expect((await server.get(`/api/jobs/${id}/artifacts/${name}`)).status, name).toBe(404);
});
