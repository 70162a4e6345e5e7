import { request } from "node:http";
import { expect, it } from "vitest";
import { waitFor } from "../../../tests/servers/wait-for.js";
import { startServer, type TestServer } from "./start.js";

const register = async (server: TestServer): Promise<string> =>
  (await server.post("/api/workers", { name: "py", kinds: ["noop"] })).body.id;
const claim = async (server: TestServer, worker: string) =>
  (await server.post(`/api/workers/${worker}/claim`, {})).body.jobs[0];
const release = async (server: TestServer, worker: string, job_id: string, attempt: number) =>
  (
    await server.post(`/api/workers/${worker}/settle`, {
      settlements: [{ job_id, attempt, outcome: { type: "released" } }],
    })
  ).body.receipts[0];
const pathOf = (worker: string, job: string, attempt: number) =>
  `/api/workers/${worker}/jobs/${job}/artifacts/result.txt?attempt=${attempt}`;
const put = (server: TestServer, path: string, raw: string) =>
  server.call("PUT", path, { raw, headers: { "content-type": "application/octet-stream" } });

it("a file of an attempt that was taken away is refused, and the newer attempt's file stays", async () => {
  const server = await startServer();
  const [first, second] = [await register(server), await register(server)];
  const { id } = (await server.post("/api/jobs", { kind: "noop" })).body;
  expect((await claim(server, first)).id).toBe(id);
  expect((await put(server, pathOf(first, id, 1), "early")).status).toBe(201);
  expect(await release(server, first, id, 1)).toMatchObject({ result: "accepted" });
  expect((await claim(server, second)).attempt).toBe(2);
  expect((await put(server, pathOf(second, id, 2), "right")).status).toBe(201);

  for (const path of [pathOf(first, id, 1), pathOf(first, id, 2), pathOf(second, id, 1)]) {
    const refused = await put(server, path, "late");
    expect([refused.status, refused.body.code]).toEqual([409, "FENCED"]);
  }
  expect((await server.get(`/api/jobs/${id}/artifacts/result.txt`)).body).toBe("right");
  expect((await server.get(`/api/jobs/${id}/artifacts/result.txt?attempt=1`)).body).toBe("early");
});

it("a file whose attempt is taken away during the upload is refused at the end", async () => {
  const server = await startServer();
  const worker = await register(server);
  const { id } = (await server.post("/api/jobs", { kind: "noop" })).body;
  await claim(server, worker);
  const upload = request(server.url + pathOf(worker, id, 1), {
    method: "PUT",
    headers: { "content-type": "application/octet-stream" },
  });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    upload.once("response", (response) => resolve(response.resume().statusCode)).once("error", reject);
  });
  upload.write("the first half");
  await waitFor(
    () =>
      server.log().some((line) => JSON.stringify(line).includes("result.txt")) || upload.writableLength === 0,
    {
      what: "the first half to be sent",
    },
  );
  expect(await release(server, worker, id, 1)).toMatchObject({ result: "accepted" });
  upload.end("the second half");
  expect(await answered).toBe(409);
});
