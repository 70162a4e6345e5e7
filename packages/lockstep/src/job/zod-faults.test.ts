import { expect, it } from "vitest";
import { z } from "zod";
import { zodIssues } from "./zod-faults.js";

it("gives a pointer to each fault, including unknown fields, with RFC 6901 escapes", () => {
  const schema = z.strictObject({ list: z.array(z.strictObject({ "a/b~c": z.number() })) });
  const result = schema.safeParse({ list: [{ "a/b~c": "text" }, { "a/b~c": 1, more: 2, "x/y": 3 }] });
  expect(zodIssues(result.error!, "/input").map((issue) => issue.pointer)).toEqual([
    "/input/list/0/a~1b~0c",
    "/input/list/1/more",
    "/input/list/1/x~1y",
  ]);
});
