import { expect, it } from "vitest";
import { isSchemaName } from "./schema-name.js";

it.each(["lockstep", "jobs_of_shop", "_jobs", "a".repeat(63), "users"])("accepts %s", (name) => {
  expect(isSchemaName(name)).toBe(true);
});

it.each([
  "",
  "Big",
  "a b",
  "a-b",
  "1a",
  "a".repeat(64),
  'x"; drop schema public',
  "pg_own",
  "information_schema",
  "user",
  "order",
])("refuses %j", (name) => {
  expect(isSchemaName(name)).toBe(false);
});
