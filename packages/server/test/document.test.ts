import { ERROR_CODES } from "lockstep/internal/errors";
import { ROLES } from "lockstep/internal/keys";
import { expect, it } from "vitest";
import { documentOf, type Operation } from "./api-document.js";
import { startServer } from "./start.js";

async function operations(): Promise<{ name: string; operation: Operation }[]> {
  const { openapi } = await documentOf((await startServer()).url);
  return Object.entries(openapi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
}

it("the document names exactly the calls that exist", async () => {
  expect((await operations()).map(({ name }) => name).sort()).toMatchInlineSnapshot(`
    [
      "DELETE /api/keys/{id}",
      "DELETE /api/schedules/{name}",
      "DELETE /api/session",
      "DELETE /api/workers/{id}",
      "GET /",
      "GET /api/batches",
      "GET /api/batches/{id}",
      "GET /api/batches/{id}/jobs",
      "GET /api/batches/{id}/results",
      "GET /api/doctor/checks",
      "GET /api/doctor/checks/{id}",
      "GET /api/doctor/checks/{id}/findings",
      "GET /api/doctor/plans/{id}",
      "GET /api/doctor/runs",
      "GET /api/doctor/writes",
      "GET /api/events",
      "GET /api/files/{id}",
      "GET /api/files/{id}/content",
      "GET /api/jobs",
      "GET /api/jobs/{id}",
      "GET /api/jobs/{id}/artifacts",
      "GET /api/jobs/{id}/artifacts/{name}",
      "GET /api/jobs/{id}/attempts",
      "GET /api/jobs/{id}/explain",
      "GET /api/jobs/{id}/logs",
      "GET /api/jobs/{id}/transitions",
      "GET /api/jobs/{id}/views",
      "GET /api/keys",
      "GET /api/kinds",
      "GET /api/kinds/{kind}",
      "GET /api/queues",
      "GET /api/queues/{queue}/limits",
      "GET /api/result/{id}/{type}",
      "GET /api/schedules",
      "GET /api/schedules/{name}",
      "GET /api/session",
      "GET /api/stats",
      "GET /api/stats/latencies",
      "GET /api/status/{id}",
      "GET /api/workers",
      "GET /health/live",
      "GET /health/ready",
      "POST /api/batches",
      "POST /api/batches/{id}/cancel",
      "POST /api/batches/{id}/retry",
      "POST /api/doctor/checks",
      "POST /api/doctor/plans",
      "POST /api/doctor/plans/{id}/apply",
      "POST /api/doctor/plans/{id}/stop",
      "POST /api/doctor/runs/{id}/undo",
      "POST /api/files",
      "POST /api/jobs",
      "POST /api/jobs/batch",
      "POST /api/jobs/bulk",
      "POST /api/jobs/{id}/cancel",
      "POST /api/jobs/{id}/retry",
      "POST /api/keys",
      "POST /api/queues/{queue}/pause",
      "POST /api/queues/{queue}/resume",
      "POST /api/schedules",
      "POST /api/schedules/{name}/pause",
      "POST /api/schedules/{name}/resume",
      "POST /api/session",
      "POST /api/submit",
      "POST /api/workers",
      "POST /api/workers/{id}/claim",
      "POST /api/workers/{id}/heartbeat",
      "POST /api/workers/{id}/settle",
      "PUT /api/queues/{queue}/limits",
      "PUT /api/workers/{id}/jobs/{job_id}/artifacts/{name}",
    ]
  `);
});

it("every call documents its summary, role, security and problems", async () => {
  for (const { name, operation } of await operations()) {
    expect(operation.summary, name).toBeTruthy();
    const role = operation["x-role"] ?? "";
    expect([...ROLES, "public"], name).toContain(role);
    expect(operation.security, name).toEqual(role === "public" ? [] : [{ key: [] }]);
    const problems = operation["x-problems"] ?? [];
    if (role !== "public")
      expect(problems, name).toEqual(
        expect.arrayContaining(["UNAUTHORIZED", "FORBIDDEN", "DATABASE_UNAVAILABLE"]),
      );
    const statuses = new Set(
      problems.map((code) => ERROR_CODES[code as keyof typeof ERROR_CODES].httpStatus),
    );
    for (const status of statuses) {
      const response = operation.responses[status];
      expect(response?.content?.["application/problem+json"]?.schema, `${name} ${status}`).toEqual({
        $ref: "#/components/schemas/Problem",
      });
      expect(response?.description, `${name} ${status}`).toMatch(/^`[A-Z_]+`: /);
    }
    expect(
      Object.keys(operation.responses).some((status) => status < "400"),
      `${name} has a success`,
    ).toBe(true);
  }
});

it("every code that a client can receive belongs to some call, or by its nature to none", async () => {
  const documented = new Set((await operations()).flatMap(({ operation }) => operation["x-problems"] ?? []));
  const elsewhere = [
    "METHOD_NOT_ALLOWED", // an answer for an address, not for a call
    "FENCED", // in the answer to a worker's settlement, and an error of the client
    "SCHEDULE_NOT_FOUND", // an error of the command line
    "SCHEDULE_EXISTS",
  ];
  const answered = Object.entries(ERROR_CODES).filter(([, { httpStatus }]) => httpStatus !== 500);
  const missing = answered.map(([code]) => code).filter((code) => !documented.has(code));
  expect(missing.filter((code) => !elsewhere.includes(code))).toEqual([]);
});

it("the document, its pages and the list of codes are served under a policy without inline scripts", async () => {
  const server = await startServer();
  const page = await server.get("/docs/");
  expect(page.headers.get("content-security-policy")).toContain("script-src 'self';");
  expect(page.headers.get("content-security-policy")).not.toContain("unsafe");
  expect(page.body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|javascript:/i);
  const parts = [...page.body.matchAll(/(?:src|href)="\.\/([^"]+)"/g)];
  expect(parts.length).toBeGreaterThan(1);
  for (const [, path] of parts) expect((await server.get(`/docs/${path}`)).status, path).toBe(200);
  const codes = await server.get("/docs/errors");
  for (const code of Object.keys(ERROR_CODES)) expect(codes.body).toContain(`id="${code}"`);
  const { openapi } = await documentOf(server.url);
  expect(openapi.openapi).toMatch(/^3\.1\./);
  expect((await server.get("/")).body).toMatchObject({ docs: "/docs", openapi: "/openapi.json" });
});

it("every answer has the headers that keep a browser from guessing its type", async () => {
  const server = await startServer();
  for (const path of ["/api/jobs", "/api/nothing", "/health/live", "/docs/"]) {
    const { headers } = await server.get(path);
    expect(headers.get("x-content-type-options"), path).toBe("nosniff");
    expect(headers.get("content-security-policy"), path).toContain("default-src 'none'");
    expect(headers.get("access-control-allow-origin"), path).toBeNull();
  }
});
