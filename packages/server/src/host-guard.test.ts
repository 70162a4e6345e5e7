import { describe, expect, it } from "vitest";
import { type HostGuard, isLoopback, isOwnHost, isOwnOrigin } from "./host-guard.js";

const guard: HostGuard = { port: 5000, allowedHosts: ["jobs.example.org", "box:8080"] };

it("distinguishes loopback from names that only look like it", () => {
  expect(
    ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost", "LOCALHOST"].filter((host) => !isLoopback(host)),
  ).toEqual([]);
  const others = [
    "0.0.0.0",
    "::",
    "10.0.0.1",
    "localhost.evil.org",
    "127.0.0.1.evil.org",
    "127.evil.org",
    "",
  ];
  expect(others.filter(isLoopback)).toEqual([]);
});

describe("the Host header", () => {
  it("may be a loopback name with this server's port, or a configured name", () => {
    const own = [
      "127.0.0.1:5000",
      "localhost:5000",
      "[::1]:5000",
      "jobs.example.org",
      "JOBS.example.org:99",
      "box:8080",
    ];
    expect(own.filter((host) => !isOwnHost(host, guard))).toEqual([]);
  });
  it("may not be anything else", () => {
    const others = [
      undefined,
      "",
      "127.0.0.1",
      "127.0.0.1:5001",
      "evil.org:5000",
      "box:8081",
      "evil@127.0.0.1:5000",
    ];
    others.push("127.0.0.1:5000/x", "127.0.0.1.evil.org:5000", "evil.jobs.example.org");
    expect(others.filter((host) => isOwnHost(host, guard))).toEqual([]);
  });
  it("needs no port when the server listens on 80", () => {
    expect(isOwnHost("localhost", { port: 80, allowedHosts: [] })).toBe(true);
  });
});

it("accepts only the server's own origins", () => {
  const own = ["http://127.0.0.1:5000", "http://localhost:5000", "https://jobs.example.org"];
  expect(own.filter((origin) => !isOwnOrigin(origin, guard))).toEqual([]);
  const others = [
    "null",
    "",
    "http://evil.org",
    "http://localhost:3000",
    "https://localhost",
    "file://127.0.0.1:5000",
  ];
  expect(others.filter((origin) => isOwnOrigin(origin, guard))).toEqual([]);
});
