import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ENGINES, openBench } from "../ledger/engines.js";
import { kind, newFolder, startWorker, submit, terminal } from "./setup.js";

function thrower(): never {
  throw new Error("trap");
}

const TRAPS = {
  get: thrower,
  getPrototypeOf: thrower,
  has: thrower,
  ownKeys: thrower,
  getOwnPropertyDescriptor: thrower,
};

function throwingGetter(name: string, of: object): object {
  return Object.defineProperty(of, name, { get: thrower, enumerable: true });
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function shared(): unknown {
  let value: unknown = [];
  for (let depth = 0; depth < 90; depth += 1) value = [value, value];
  return value;
}

function deep(): unknown {
  let value: unknown = 1;
  for (let depth = 0; depth < 100_000; depth += 1) value = [value];
  return value;
}

const unshowable = Object.assign(Object.create(null), {
  [Symbol.for("nodejs.util.inspect.custom")]: thrower,
});

const OUTPUTS: Record<string, () => unknown> = {
  map: () => ({ seen: new Map([["a", 1]]) }),
  hole: () => Object.assign(new Array(3), { 0: 1, 2: 3 }),
  bigint: () => 10n,
  proxy: () => new Proxy({}, TRAPS),
  revoked,
  "then that throws": () => throwingGetter("then", {}),
  "getter that throws what cannot be shown": () =>
    Object.defineProperty({}, "a", {
      enumerable: true,
      get() {
        throw unshowable;
      },
    }),
  "toJSON that throws": () => ({ toJSON: thrower }),
  "NUL in a name": () => ({ "a\0b": new Set() }),
  shared,
  deep,
};

const THROWN: Record<string, () => unknown> = {
  null: () => null,
  undefined: () => undefined,
  symbol: () => Symbol("s"),
  proxy: () => new Proxy(new Error("x"), TRAPS),
  revoked,
  "an error whose name throws": () => throwingGetter("name", new Error("known message")),
  "an error whose message throws": () => throwingGetter("message", new Error("x")),
  "an error whose stack throws": () => throwingGetter("stack", new Error("known message")),
  "an error with a cycle of causes": () => {
    const error = new Error("known message");
    error.cause = error;
    return error;
  },
  "an object without prototype": () => unshowable,
};

describe.each(ENGINES)("a worker on %s", (engine) => {
  it("fails only the job whose output cannot be stored exactly, and says why", async () => {
    const place = await openBench(engine);
    const dataDir = await newFolder();
    const names = Object.keys(OUTPUTS);
    const modes = ["sync", "async"];
    const requests = [...names, "fine"].flatMap((name) =>
      modes.map((mode) => ({ kind: "output", input: { name, mode } })),
    );
    const submitted = await place.ledger.submitMany(requests);
    const worker = await startWorker(place, {
      dataDir,
      definitions: [
        kind("output", ({ name, mode }) => {
          const value = name === "fine" ? { fine: true } : OUTPUTS[name as string]!();
          return mode === "sync" ? value : Promise.resolve([value]);
        }),
      ],
    });
    for (const [index, { input }] of requests.entries()) {
      const job = await terminal(place, submitted[index]!.job.id);
      if (input.name === "fine") expect(job).toMatchObject({ status: "completed", attempt: 1 });
      else
        expect([input, job]).toMatchObject([
          input,
          { status: "failed", attempt: 1, error: { code: "RESULT_UNSTORABLE" } },
        ]);
    }
    const map = submitted[names.indexOf("map") * modes.length]!.job.id;
    expect((await terminal(place, map)).error?.message).toMatch(
      /^The output at \/seen is a Map, which JSON cannot hold\. /,
    );
    expect(await readFile(join(dataDir, "unstorable", `${map}-1.txt`), "utf8")).toBe(
      "{ seen: Map(1) { 'a' => 1 } }",
    );
    expect(worker.health().running).toBe(0);
  });

  it("fails only the job whose handler threw, whatever it threw", async () => {
    const place = await openBench(engine);
    const names = Object.keys(THROWN);
    const ids = await Promise.all(
      names.flatMap((name) =>
        ["sync", "async"].map((mode) => submit(place, "thrower", { name, mode }, { max_attempts: 1 })),
      ),
    );
    const fine = await submit(place, "fine");
    await startWorker(place, {
      definitions: [
        kind("fine", () => null),
        kind("thrower", ({ name, mode }) => {
          const thrown = THROWN[name as string]!();
          if (mode === "sync") throw thrown;
          return Promise.reject(thrown);
        }),
      ],
    });
    for (const id of ids) {
      const job = await terminal(place, id);
      expect(job).toMatchObject({ status: "failed", attempt: 1, failures: 1 });
      expect(job.error).toMatchObject({ name: expect.any(String), message: expect.any(String) });
    }
    expect(await terminal(place, fine)).toMatchObject({ status: "completed" });
  });

  it("records log lines and progress of any value, and refuses a level that does not exist", async () => {
    const place = await openBench(engine);
    const said = (value: unknown) => value as string;
    const talker = kind("talker", (_, ctx) => {
      for (const value of [7, null, undefined, unshowable, { a: 1 }, new Error("broken"), "a\0b"])
        ctx.log(said(value));
      ctx.progress(0.5, said({ half: true }));
      for (const level of ["fatal", unshowable])
        expect(() => ctx.log("x", level as "info")).toThrow(RangeError);
      for (const part of ["1", Number.NaN, 1n, unshowable])
        expect(() => ctx.progress(part as number)).toThrow(RangeError);
      return null;
    });
    const id = await submit(place, "talker");
    const neighbour = await submit(place, "neighbour");
    await startWorker(place, {
      definitions: [talker, kind("neighbour", (_, ctx) => void ctx.log("still written"))],
      concurrency: 2,
    });
    expect(await terminal(place, id)).toMatchObject({
      status: "completed",
      progress: { fraction: 0.5, message: "{ half: true }" },
    });
    const lines = (await place.ledger.logs(id, {})).map((line) => line.message);
    expect(lines).toEqual([
      "7",
      "null",
      "undefined",
      "a value that cannot be shown",
      "{ a: 1 }",
      "Error: broken",
      "a\uFFFDb",
    ]);
    await terminal(place, neighbour);
    expect((await place.ledger.logs(neighbour, {})).map((line) => line.message)).toEqual(["still written"]);
  });

  it("settles its own job, even if the handler changes the context's job", async () => {
    const place = await openBench(engine);
    const meddler = kind("meddler", (_, ctx) => {
      Object.assign(ctx.job, { id: "00000000-0000-7000-8000-000000000000", attempt: 9 });
      return { done: true };
    });
    const id = await submit(place, "meddler");
    await startWorker(place, { definitions: [meddler] });
    expect(await terminal(place, id)).toMatchObject({ status: "completed", attempt: 1 });
  });

  it("refuses an input that cannot be stored exactly, with a pointer to the fault", async () => {
    const { ledger } = await openBench(engine);
    const inputs = [
      [{ a: [new Map()] }, "/input/a/0"],
      [{ a: throwingGetter("b", {}) }, "/input/a/b"],
      [revoked(), "/input"],
      [new Array(3), "/input/0"],
    ] as const;
    for (const [input, pointer] of inputs) {
      await expect(ledger.submit({ kind: "any", input })).rejects.toMatchObject({
        code: "INVALID_INPUT",
        issues: [{ pointer }],
      });
    }
  });
});
