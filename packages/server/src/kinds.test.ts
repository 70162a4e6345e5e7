import { defineJob } from "lockstep/internal/job";
import { expect, it } from "vitest";
import { z } from "zod";
import { createKinds } from "./kinds.js";

const run = () => null;
const never = async () => false;

it("passes only storable input to a kind's own schema", async () => {
  let asked = 0;
  const input = z.unknown().refine(() => {
    asked += 1;
    return true;
  });
  const kinds = createKinds({ definitions: [defineJob({ kind: "watched", input, run })] }, never);
  let deep: unknown = [];
  for (let level = 0; level < 200; level++) deep = [deep];
  for (const bad of [deep, "\u0000", "x".repeat(1_048_577)])
    expect(await kinds.check({ kind: "watched", input: bad }, "")).toMatchObject({ code: "INVALID_INPUT" });
  expect(asked).toBe(0);
  expect(await kinds.check({ kind: "watched", input: {} }, "")).toBeNull();
  expect(asked).toBe(1);
});

it("names the known kinds when asked for an unknown one", async () => {
  const kinds = createKinds(
    { definitions: ["b", "a"].map((kind) => defineJob({ kind, input: z.unknown(), run })) },
    never,
  );
  expect(await kinds.check({ kind: "c" }, "/jobs/3")).toEqual({
    code: "UNKNOWN_KIND",
    issues: [{ pointer: "/jobs/3/kind", detail: "is not one of a, b, and no worker has offered it yet" }],
  });
});

it("rejects two definitions of one kind", () => {
  const twice = defineJob({ kind: "a", input: z.unknown(), run });
  expect(() => createKinds({ definitions: [twice, twice] }, never)).toThrow(RangeError);
});

it("accepts any storable input for a kind that a worker has offered, and asks once", async () => {
  const asked: string[] = [];
  const kinds = createKinds({ definitions: [] }, async (kind) => {
    asked.push(kind);
    return kind === "python";
  });
  for (const input of [{ steps: 3 }, null])
    expect(await kinds.check({ kind: "python", input }, "")).toBeNull();
  expect(await kinds.check({ kind: "python", input: "\u0000" }, "")).toMatchObject({ code: "INVALID_INPUT" });
  expect(await kinds.check({ kind: "pyhton", input: {} }, "")).toMatchObject({ code: "UNKNOWN_KIND" });
  expect(await kinds.check({ kind: "no\u0000name", input: {} }, "")).toMatchObject({ code: "UNKNOWN_KIND" });
  expect(asked).toEqual(["python", "pyhton"]);
});
