import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { DEADLINE_MS } from "../../../../tests/runner/deadline.js";
import { waitFor } from "../../../../tests/servers/wait-for.js";
import { processesWith } from "../../../scan/test/processes.js";
import { type ProgramOptions, runProgram } from "../../src/programs/index.js";

const shell = (script: string, change: Partial<ProgramOptions> = {}) =>
  runProgram({
    argv: ["/bin/sh", "-c", script],
    cwd: tmpdir(),
    env: { PATH: "/usr/bin:/bin" },
    timeoutMs: DEADLINE_MS,
    stdoutBytesMax: 1_000,
    signal: new AbortController().signal,
    ...change,
  });

it("a program gets its own environment and nothing else", async () => {
  process.env.LOCKSTEP_TOKEN = "not for programs";
  const { code, stdout } = await shell("env");
  delete process.env.LOCKSTEP_TOKEN;
  expect(code).toBe(0);
  expect(stdout.toString()).toContain("PATH=/usr/bin:/bin");
  expect(stdout.toString()).not.toContain("not for programs");
});

it("arguments are not parsed by a shell", async () => {
  const { stdout } = await shell("", { argv: ["/bin/echo", "$(id)", "; id", "`id`"] });
  expect(stdout.toString()).toBe("$(id) ; id `id`\n");
});

it("a program that takes too long is killed with every process it started", async () => {
  const { code, stopped } = await shell("sleep 1261.25 & sleep 1261.25", { timeoutMs: 300 });
  expect({ code, stopped }).toEqual({ code: null, stopped: "took longer than 0.3 s" });
  await waitFor(() => processesWith("sleep 1261.25").length === 0, {
    what: "the program's children to be gone",
  });
});

it("a program that prints too much is killed", async () => {
  const { stopped, stdout } = await shell("yes");
  expect(stopped).toBe("printed too much");
  expect(stdout.length).toBeLessThanOrEqual(1_000);
});

it("a program is killed when the watch function asks for it, and when that function fails", async () => {
  expect((await shell("sleep 1200", { watch: async () => "grew too large", watchMs: 10 })).stopped).toBe(
    "grew too large",
  );
  const watch = () => Promise.reject(new Error("disk gone"));
  expect((await shell("sleep 1200", { watch, watchMs: 10 })).stopped).toBe("could not be watched");
});

it("a signal stops a program, or prevents its start", async () => {
  const stop = new AbortController();
  const reason = new Error("cancelled");
  const running = shell("sleep 1200", { signal: stop.signal });
  stop.abort(reason);
  await expect(running).rejects.toBe(reason);
  await expect(shell("true", { signal: stop.signal })).rejects.toBe(reason);
});

it("a missing program is an error that names it", async () => {
  await expect(shell("", { argv: ["/absent/program"] })).rejects.toThrow(
    "/absent/program could not be started",
  );
});
