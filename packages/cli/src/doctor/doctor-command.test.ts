import { expect, it } from "vitest";
import { doctorCommands } from "./doctor-command.js";

it.each([
  [{}, "lockstep doctor check"],
  [{ config: "my doctor.yaml" }, "lockstep doctor check --config 'my doctor.yaml'"],
  [
    { dataDir: "/var/lib/x", resultPrefix: "r:" },
    "lockstep doctor check --data-dir /var/lib/x --result-prefix r:",
  ],
  [
    { databaseUrl: "postgres://me:secret@host/jobs", redisUrl: "redis://:se/cr@et@host" },
    "lockstep doctor check --database-url 'postgres://me:***@host/jobs' --redis-url '***'",
  ],
  [
    { databaseUrl: "postgres://host/jobs?password=secret&sslmode=require" },
    "lockstep doctor check --database-url 'postgres://host/jobs?password=***&sslmode=require'",
  ],
  [
    { databaseUrl: "postgres://host:5432/jobs", schema: "shop" },
    "lockstep doctor check --database-url postgres://host:5432/jobs --schema shop",
  ],
])("a printed command has the given flags and no password: %j", (given, text) => {
  expect(doctorCommands(given).text("check")).toBe(text);
});
