import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pageTypes, TYPES_FILE } from "../../../scripts/page-types.mjs";
import { startServer } from "./start.js";

let pageDir: string;
beforeAll(async () => {
  pageDir = await mkdtemp(join(tmpdir(), "lockstep-page-"));
  await mkdir(join(pageDir, "assets"));
  await writeFile(join(pageDir, "index.html"), "<!doctype html><title>Lockstep</title>");
  await writeFile(join(pageDir, "assets", "index-AbC123.js"), "export {};");
  await writeFile(join(pageDir, "secret.txt"), "not an asset");
});
afterAll(() => rm(pageDir, { recursive: true, force: true }));

const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

it("a browser gets the page at every address it has, and a program gets the API's own answer", async () => {
  const server = await startServer("postgres", { pageDir });
  for (const path of [
    "/",
    "/jobs",
    "/jobs/0199",
    "/batches/0199",
    "/submit/scan",
    "/doctor",
    "/system",
    "/sign-in",
  ]) {
    const answer = await fetch(server.url + path, { headers: browser });
    expect(await answer.text(), path).toContain("<title>Lockstep");
    expect(answer.headers.get("cache-control"), path).toBe("no-cache");
    expect(answer.headers.get("content-security-policy"), path).toContain("script-src 'self';");
    expect(answer.headers.get("content-security-policy"), path).not.toContain("unsafe");
  }
  expect((await server.get("/")).body).toMatchObject({ name: "lockstep" });
  expect((await fetch(`${server.url}/jobz`, { headers: browser })).status).toBe(404);
  expect((await fetch(`${server.url}/api/nothing`, { headers: browser })).status).toBe(404);
});

it("an asset with a hash in its name is cached forever, and nothing outside the assets is served", async () => {
  const server = await startServer("postgres", { pageDir });
  const asset = await fetch(`${server.url}/assets/index-AbC123.js`);
  expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(asset.headers.get("content-type")).toContain("javascript");
  await writeFile(join(pageDir, "assets", "index-AbC123.js.gz"), gzipSync("export {}; // small"));
  for (const [encoding, text] of [
    ["gzip", "export {}; // small"],
    ["identity", "export {};"],
  ] as const) {
    const answer = await fetch(`${server.url}/assets/index-AbC123.js`, {
      headers: { "accept-encoding": encoding },
    });
    expect(answer.headers.get("vary"), encoding).toContain("accept-encoding");
    expect(await answer.text(), encoding).toBe(text);
  }
  for (const path of [
    "/assets/nothing.js",
    "/assets/..%2fsecret.txt",
    "/assets/%2e%2e/secret.txt",
    "/secret.txt",
  ])
    expect((await fetch(server.url + path)).status, path).toBe(404);
});

it("without a built page the API works alone", async () => {
  const server = await startServer("postgres", { pageDir: join(pageDir, "nothing") });
  expect((await fetch(`${server.url}/jobs`, { headers: browser })).status).toBe(404);
  expect((await server.get("/", browser)).body).toMatchObject({ name: "lockstep" });
});

it("the page's types are those of the API (npm run page-types)", async () => {
  const { url } = await startServer();
  const document: unknown = await (await fetch(`${url}/openapi.json`)).json();
  expect(readFileSync(TYPES_FILE, "utf8")).toBe(await pageTypes(document));
});
