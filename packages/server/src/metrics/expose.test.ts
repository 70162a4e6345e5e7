import { request } from "node:http";
import { afterEach, expect, it } from "vitest";
import { exposeMetrics, type MetricsPort } from "./expose.js";

let exposed: MetricsPort;

afterEach(() => exposed.close());

/** Sends a request like a browser whose page claims this machine as its own host. */
function statusFor(host: string, path = "/metrics", method = "GET"): Promise<number | undefined> {
  const { port } = new URL(exposed.url);
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, method, headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once("error", reject)
      .end();
  });
}

it("serves the metrics on loopback, and nothing else", async () => {
  exposed = await exposeMetrics({ text: async () => "a 1\n", contentType: "text/plain; version=0.0.4" }, 0);
  const response = await fetch(exposed.url);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4");
  expect(await response.text()).toBe("a 1\n");
  const { host } = new URL(exposed.url);
  expect(await statusFor(host, "/")).toBe(404);
  expect(await statusFor(host, "/metrics", "POST")).toBe(405);
  expect(await statusFor("evil.example")).toBe(421);
});

it("reports a failure when the metrics cannot be read", async () => {
  exposed = await exposeMetrics({ text: () => Promise.reject(new Error("no")), contentType: "" }, 0);
  expect((await fetch(exposed.url)).status).toBe(500);
});
