import { resolve } from "node:path";
import { LockstepError } from "lockstep/internal/errors";
import { folder, list, SETTINGS, setting } from "lockstep/internal/settings";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type ConfigFlags, readConfig, readTerminalEnvironment } from "./config.js";

function issuesOf(flags: ConfigFlags, environment: Record<string, string>) {
  try {
    readConfig(flags, environment);
  } catch (error) {
    if (error instanceof LockstepError && error.code === "INVALID_CONFIG")
      return error.issues.map(({ pointer }) => pointer);
    throw error;
  }
  return [];
}

describe("the configuration", () => {
  it("has the documented defaults", () => {
    expect(readConfig({}, {}).config).toEqual({
      databaseUrl: null,
      schema: "lockstep",
      redisUrl: null,
      archiveDir: null,
      artifacts: null,
      archiveBucket: null,
      fileRetentionDays: 30,
      s3Endpoint: null,
      s3Region: "us-east-1",
      s3AccessKeyId: null,
      s3SecretAccessKey: null,
      s3SessionToken: null,
      dataDir: resolve(".lockstep"),
      host: "127.0.0.1",
      port: 5000,
      url: "http://127.0.0.1:5000",
      token: null,
      concurrency: 10,
      queues: [],
      leaseSeconds: 30,
      resultPrefix: "result:",
      retentionDays: 30,
      logLevel: "info",
      metricsPort: null,
      uploadBytesMax: 52_428_800,
    });
  });

  it("prefers a flag to the environment, and the environment to the default, and names the origin", () => {
    const { config, settings } = readConfig(
      { port: "7000" },
      { LOCKSTEP_PORT: "6000", LOCKSTEP_HOST: "::1" },
    );
    expect(config).toMatchObject({ port: 7000, host: "::1", concurrency: 10 });
    const origins = Object.fromEntries(settings.map(({ name, origin }) => [name, origin]));
    expect(origins).toMatchObject({ port: "flag", host: "environment", concurrency: "default" });
  });

  it("treats an empty variable as unset", () => {
    expect(readConfig({}, { LOCKSTEP_PORT: "", DATABASE_URL: "" }).config).toMatchObject({
      port: 5000,
      databaseUrl: null,
    });
  });

  it.each(["Big", "1a", "pg_own", "user", 'x"; drop schema public'])(
    "refuses %j as the name of the schema",
    (schema) => {
      expect(issuesOf({}, { LOCKSTEP_SCHEMA: schema })).toEqual(["/LOCKSTEP_SCHEMA"]);
      expect(issuesOf({ schema }, {})).toEqual(["/--schema"]);
    },
  );

  it("cannot be changed", () => {
    expect(Object.isFrozen(readConfig({}, {}).config)).toBe(true);
  });

  it("reports all invalid values at once, each at its flag or variable", () => {
    const environment = {
      DATABASE_URL: "mysql://x/y",
      LOCKSTEP_PORT: "70000",
      LOCKSTEP_LEASE: "soon",
      LOCKSTEP_LOG_LEVEL: "loud",
    };
    expect(issuesOf({ concurrency: "0", queues: "Not A Queue" }, environment)).toEqual([
      "/DATABASE_URL",
      "/LOCKSTEP_PORT",
      "/--concurrency",
      "/--queues",
      "/LOCKSTEP_LEASE",
      "/LOCKSTEP_LOG_LEVEL",
    ]);
  });

  it.each([
    ["LOCKSTEP_PORT", "-1"],
    ["LOCKSTEP_PORT", "5e3"],
    ["LOCKSTEP_PORT", "5000 "],
    ["LOCKSTEP_HOST", "a b"],
    ["LOCKSTEP_URL", "ftp://x"],
    ["LOCKSTEP_URL", "http://user:secret@host:5000"],
    ["LOCKSTEP_URL", "http://user:secret@host:5000/path"],
    ["LOCKSTEP_TOKEN", "two words"],
    ["LOCKSTEP_CONCURRENCY", "1001"],
    ["LOCKSTEP_LEASE", "1"],
    ["LOCKSTEP_RETENTION", "0"],
    ["LOCKSTEP_UPLOAD_MAX_BYTES", "10MB"],
    ["REDIS_URL", "localhost"],
  ])("refuses %s=%s", (variable, value) => {
    expect(issuesOf({}, { [variable]: value })).toEqual([`/${variable}`]);
  });

  it("reads lists and paths", () => {
    const { config } = readConfig({}, { LOCKSTEP_QUEUES: "mail, images,", LOCKSTEP_ARCHIVE_DIR: "relative" });
    expect(config).toMatchObject({ queues: ["mail", "images"], archiveDir: resolve("relative") });
  });

  it("calls the API on the port that was configured", () => {
    expect(readConfig({}, { LOCKSTEP_PORT: "6000" }).config.url).toBe("http://127.0.0.1:6000");
    expect(readConfig({}, { LOCKSTEP_PORT: "6000", LOCKSTEP_URL: "https://jobs.example/" }).config.url).toBe(
      "https://jobs.example",
    );
  });

  it("reads the settings of workloads together with its own", () => {
    const folders = setting({
      variable: "LOCKSTEP_LETTER_FOLDERS",
      flag: "--letter-folders",
      value: "folders",
      meaning: "where letters are kept",
      schema: list(":").pipe(z.array(folder).min(1, "must name a folder")),
      fallback: ".",
    });
    const read = (environment: Record<string, string>) =>
      readConfig({}, environment, { workloads: { folders } });
    const { config, workloads, settings } = read({ LOCKSTEP_LETTER_FOLDERS: "/srv:relative" });
    expect(workloads).toEqual({ folders: ["/srv", resolve("relative")] });
    expect(config).not.toHaveProperty("folders");
    expect(settings).toContainEqual(expect.objectContaining({ name: "folders", origin: "environment" }));
    expect(() => read({ LOCKSTEP_LETTER_FOLDERS: ":" })).toThrow(
      "LOCKSTEP_LETTER_FOLDERS must name a folder",
    );
    expect(read({ LOCKSTEP_LETTER_FOLDER: "/srv" }).warnings).toEqual([
      "LOCKSTEP_LETTER_FOLDER is not a variable that Lockstep reads; did you mean LOCKSTEP_LETTER_FOLDERS?",
    ]);
  });

  it("never shows a secret", () => {
    const { settings } = readConfig(
      {},
      {
        DATABASE_URL: "postgres://app:geheim@db/app?sslpassword=geheim",
        REDIS_URL: "redis://:geheim@r:6379",
        LOCKSTEP_TOKEN: "lk_geheim",
      },
    );
    expect(JSON.stringify(settings)).not.toContain("geheim");
    expect(settings.find(({ name }) => name === "databaseUrl")?.value).toBe(
      "postgres://app:***@db/app?sslpassword=***",
    );
  });

  it("warns about a variable that looks misspelt", () => {
    expect(readConfig({}, { LOCKSTEP_PROT: "1", LOCKSTEP_PORT: "2" }).warnings).toEqual([
      "LOCKSTEP_PROT is not a variable that Lockstep reads; did you mean LOCKSTEP_PORT?",
    ]);
    expect(
      readConfig({}, { LOCKSTEP_SOMETHING_ELSE: "1", LOCKSTEPPING: "1", PATH: "/bin" }).warnings,
    ).toEqual(["LOCKSTEP_SOMETHING_ELSE is not a variable that Lockstep reads"]);
  });

  it("has every variable of the interface", () => {
    const variables = Object.values(SETTINGS).map(({ variable }) => variable);
    expect(variables.sort()).toEqual([
      "AWS_ACCESS_KEY_ID",
      "AWS_ENDPOINT_URL_S3",
      "AWS_REGION",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
      "DATABASE_URL",
      "LOCKSTEP_ARCHIVE",
      "LOCKSTEP_ARCHIVE_DIR",
      "LOCKSTEP_ARTIFACTS",
      "LOCKSTEP_CONCURRENCY",
      "LOCKSTEP_DATA_DIR",
      "LOCKSTEP_FILE_RETENTION",
      "LOCKSTEP_HOST",
      "LOCKSTEP_LEASE",
      "LOCKSTEP_LOG_LEVEL",
      "LOCKSTEP_METRICS_PORT",
      "LOCKSTEP_PORT",
      "LOCKSTEP_QUEUES",
      "LOCKSTEP_RESULT_PREFIX",
      "LOCKSTEP_RETENTION",
      "LOCKSTEP_SCHEMA",
      "LOCKSTEP_TOKEN",
      "LOCKSTEP_UPLOAD_MAX_BYTES",
      "LOCKSTEP_URL",
      "REDIS_URL",
    ]);
  });
});

describe("the terminal's environment", () => {
  it.each([
    [{}, null],
    [{ NO_COLOR: "1" }, false],
    [{ NO_COLOR: "", FORCE_COLOR: "1" }, true],
    [{ NO_COLOR: "1", FORCE_COLOR: "1" }, false],
    [{ FORCE_COLOR: "0" }, false],
    [{ TERM: "dumb" }, false],
  ])("%j gives the colour choice %s", (environment, color) => {
    expect(readTerminalEnvironment(environment).color).toBe(color);
  });
});
