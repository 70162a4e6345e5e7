import { describe, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { defineJob, type Job } from "../job/index.js";
import type { CompletedJob, Lockstep } from "./contract.js";
import type { Stored } from "./stored.js";

const resize = defineJob({
  kind: "resize",
  input: z.object({ url: z.url(), width: z.coerce.number<string>() }),
  async run({ width }) {
    expectTypeOf(width).toEqualTypeOf<number>();
    return { bytes: 1234, at: new Date() };
  },
});
const notify = defineJob({ kind: "notify", input: z.object({}), run: () => undefined });

// The bodies are only compiled: nothing here runs.
const lockstep = { submit: () => undefined } as unknown as Lockstep;

describe("the client's types", () => {
  it("submit accepts the input type of the definition's schema, not its output type", () => {
    expectTypeOf(lockstep.submit<typeof resize.input, { bytes: number; at: Date }>)
      .parameter(1)
      .toEqualTypeOf<{ url: string; width: string }>();
    // @ts-expect-error the width is missing
    void (() => lockstep.submit(resize, { url: "https://example.org" }));
    // @ts-expect-error the width goes in as a text
    void (() => lockstep.submit(resize, { url: "https://example.org", width: 640 }));
  });

  it("wait returns the output with its type, for the job and for its id", () => {
    const both = async () => {
      const job = await lockstep.submit(resize, { url: "https://example.org", width: "640" });
      return [await lockstep.wait(job), await lockstep.wait(job.id)] as const;
    };
    type Output = Awaited<ReturnType<typeof both>>[number]["output"];
    expectTypeOf<Output>().toEqualTypeOf<{ bytes: number; at: string }>();
  });

  it("wait for a plain id returns an output of unknown type", () => {
    const one = () => lockstep.wait("0199c1b2-8a4e-7b1c-9d3e-2f5a6b7c8d9e");
    expectTypeOf<Awaited<ReturnType<typeof one>>>().toEqualTypeOf<CompletedJob<unknown>>();
  });

  it("a handler that returns nothing has the output null", () => {
    const one = async () => (await lockstep.wait(await lockstep.submit(notify, {}))).output;
    expectTypeOf<Awaited<ReturnType<typeof one>>>().toEqualTypeOf<null>();
  });

  it("a submitted job is a job, and its id is a string", () => {
    const one = () => lockstep.submit("resize", {});
    expectTypeOf<Awaited<ReturnType<typeof one>>>().toExtend<Job>();
    expectTypeOf<Awaited<ReturnType<typeof one>>["id"]>().toExtend<string>();
  });
});

describe("the stored form of a value", () => {
  it("is what JSON converts it to", () => {
    expectTypeOf<Stored<Date>>().toEqualTypeOf<string>();
    expectTypeOf<Stored<undefined>>().toEqualTypeOf<null>();
    expectTypeOf<Stored<{ a: Date; b?: number; f(): void }>>().toEqualTypeOf<{
      a: string;
      b?: number | undefined;
    }>();
    expectTypeOf<Stored<readonly [Date, number]>>().toEqualTypeOf<readonly [string, number]>();
    expectTypeOf<Stored<{ list: Date[] }>>().toEqualTypeOf<{ list: string[] }>();
  });
});
