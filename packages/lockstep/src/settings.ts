import { homedir } from "node:os";
import { resolve } from "node:path";
import { z } from "zod";
import { NAME_PATTERN } from "./job/index.js";
import { isSchemaName, SCHEMA_DEFAULT, SCHEMA_RULE } from "./schema-name.js";

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d+$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(min, `must be ${min} to ${max}`).max(max, `must be ${min} to ${max}`));
const seconds = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, "must be a number of seconds")
    .transform(Number)
    .pipe(
      z.number().min(min, `must be ${min} to ${max} seconds`).max(max, `must be ${min} to ${max} seconds`),
    );
const address = (protocol: RegExp, example: string) =>
  z.url({ protocol, error: `must be a URL such as ${example}` });
/** Items between separators; empty ones are dropped. */
export const list = (separator: string) =>
  z.string().transform((text) =>
    text
      .split(separator)
      .map((item) => item.trim())
      .filter((item) => item !== ""),
  );
const bucketAddress = z
  .string()
  .regex(
    /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[A-Za-z0-9!_.*'()-]+)*\/?$/,
    "must be a bucket such as s3://bucket/prefix",
  );
/** A folder, made absolute; `~` is the home folder. */
export const folder = z.string().transform((path) => resolve(path.replace(/^~(?=\/|$)/, homedir())));

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** How one configuration value is named, read and shown. A value in `secret` is never printed. */
export interface Setting<Value> {
  readonly variable: string;
  readonly flag: string;
  readonly meaning: string;
  /** Placeholder for the flag's value in the help. */
  readonly value: string;
  readonly schema: z.ZodType<Value, string>;
  /** The value of an unset variable. null: the value is null. */
  readonly fallback: string | null;
  readonly secret?: "all" | "url-password";
  /** The meaning of the flag without a value. */
  readonly preset?: string;
}

/** Settings by their names. */
export type SettingTable = Readonly<Record<string, Setting<unknown>>>;

type ValueOf<S> =
  S extends Setting<infer Value> ? (S extends { readonly fallback: string } ? Value : Value | null) : never;

/** The types of a table's settings after parsing. */
export type SettingValues<Table> = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

/** Declares a setting; its type shows whether it can be null. */
export const setting = <Value, Fallback extends string | null>(
  options: Setting<Value> & { readonly fallback: Fallback },
) => options;

/**
 * Every value that can be configured. A flag overrides the environment, which overrides the
 * fallback.
 */
export const SETTINGS = {
  databaseUrl: setting({
    variable: "DATABASE_URL",
    flag: "--database-url",
    value: "url",
    meaning: "PostgreSQL 14 or newer; unset: an embedded database in the data directory",
    schema: address(/^postgres(ql)?$/, "postgres://user@host:5432/name"),
    fallback: null,
    secret: "url-password",
  }),
  schema: setting({
    variable: "LOCKSTEP_SCHEMA",
    flag: "--schema",
    value: "name",
    meaning: "schema of the database that holds all tables and functions of Lockstep",
    schema: z.string().refine(isSchemaName, SCHEMA_RULE),
    fallback: SCHEMA_DEFAULT,
  }),
  redisUrl: setting({
    variable: "REDIS_URL",
    flag: "--redis-url",
    value: "url",
    meaning: "Redis 6.2 or newer, or Valkey; unset: no projection of statuses",
    schema: address(/^rediss?$/, "redis://host:6379"),
    fallback: null,
    secret: "url-password",
  }),
  dataDir: setting({
    variable: "LOCKSTEP_DATA_DIR",
    flag: "--data-dir",
    value: "folder",
    meaning: "folder of the embedded database, the spool and the artifacts",
    schema: folder,
    fallback: ".lockstep",
  }),
  host: setting({
    variable: "LOCKSTEP_HOST",
    flag: "--host",
    value: "address",
    meaning: "address the API listens on",
    schema: z.string().regex(/^[A-Za-z0-9.:_-]+$/, "must be a host name or an IP address"),
    fallback: "127.0.0.1",
  }),
  port: setting({
    variable: "LOCKSTEP_PORT",
    flag: "--port",
    value: "n",
    meaning: "port the API listens on; 0 takes any free one",
    schema: integer(0, 65_535),
    fallback: "5000",
  }),
  metricsPort: setting({
    variable: "LOCKSTEP_METRICS_PORT",
    flag: "--metrics-port",
    value: "n",
    meaning: "loopback port on which a worker exposes its metrics; 0 takes any free one; unset: none",
    schema: integer(0, 65_535),
    fallback: null,
  }),
  url: setting({
    variable: "LOCKSTEP_URL",
    flag: "--url",
    value: "url",
    meaning: "the API that the command line calls; default: LOCKSTEP_PORT on this machine",
    schema: address(/^https?$/, "http://127.0.0.1:5000")
      // It could not be called, and the error would show the password.
      .regex(/^[^/]+\/\/[^/?#@]*([/?#]|$)/, "must not contain a user or password: pass a key with --token")
      .transform((url) => url.replace(/\/+$/, "")),
    fallback: "http://127.0.0.1:5000",
    secret: "url-password",
  }),
  token: setting({
    variable: "LOCKSTEP_TOKEN",
    flag: "",
    value: "key",
    meaning: "API key that the command line sends; no flag, so that it stays out of the list of processes",
    schema: z.string().regex(/^[\x21-\x7e]+$/, "must be an API key: printable characters, no spaces"),
    fallback: null,
    secret: "all",
  }),
  concurrency: setting({
    variable: "LOCKSTEP_CONCURRENCY",
    flag: "--concurrency",
    value: "n",
    meaning: "jobs a worker runs at once",
    schema: integer(1, 1_000),
    fallback: "10",
  }),
  queues: setting({
    variable: "LOCKSTEP_QUEUES",
    flag: "--queues",
    value: "names",
    meaning: "queues a worker takes, separated by commas; empty: all",
    schema: list(",").pipe(z.array(z.string().regex(NAME_PATTERN, "must be queue names: a-z 0-9 . _ -"))),
    fallback: "",
  }),
  leaseSeconds: setting({
    variable: "LOCKSTEP_LEASE",
    flag: "--lease",
    value: "seconds",
    meaning: "seconds without a heartbeat until a worker is considered lost",
    schema: seconds(2, 3_600),
    fallback: "30",
  }),
  resultPrefix: setting({
    variable: "LOCKSTEP_RESULT_PREFIX",
    flag: "--result-prefix",
    value: "prefix",
    meaning: "prefix of the keys in Redis",
    schema: z.string().max(200, "must be at most 200 characters"),
    fallback: "result:",
  }),
  retentionDays: setting({
    variable: "LOCKSTEP_RETENTION",
    flag: "--retention",
    value: "days",
    meaning: "days a finished job stays before it is archived",
    schema: integer(1, 36_500),
    fallback: "30",
  }),
  archiveDir: setting({
    variable: "LOCKSTEP_ARCHIVE_DIR",
    flag: "--archive-dir",
    value: "folder",
    meaning: "folder of the archive; unset: archive in the data directory",
    schema: folder,
    fallback: null,
  }),
  artifacts: setting({
    variable: "LOCKSTEP_ARTIFACTS",
    flag: "--artifacts",
    value: "url",
    meaning: "where files are kept, such as s3://bucket/prefix; unset: in the data directory",
    schema: bucketAddress,
    fallback: null,
  }),
  archiveBucket: setting({
    variable: "LOCKSTEP_ARCHIVE",
    flag: "--archive",
    value: "url",
    meaning:
      "where the archive is kept, such as s3://bucket/prefix; unset: in a folder, LOCKSTEP_ARCHIVE_DIR",
    schema: bucketAddress,
    fallback: null,
  }),
  fileRetentionDays: setting({
    variable: "LOCKSTEP_FILE_RETENTION",
    flag: "--file-retention",
    value: "days",
    meaning: "days an uploaded file stays after the last upload, if no job or schedule refers to it",
    schema: integer(1, 36_500),
    fallback: "30",
  }),
  s3Endpoint: setting({
    variable: "AWS_ENDPOINT_URL_S3",
    flag: "",
    value: "url",
    meaning: "the S3 server; unset: Amazon's of the region",
    schema: address(/^https?$/, "http://127.0.0.1:9000"),
    fallback: null,
    secret: "url-password",
  }),
  s3Region: setting({
    variable: "AWS_REGION",
    flag: "",
    value: "name",
    meaning: "the region of the buckets",
    schema: z.string().regex(/^[a-z0-9-]{1,50}$/, "must be a region such as eu-central-1"),
    fallback: "us-east-1",
  }),
  s3AccessKeyId: setting({
    variable: "AWS_ACCESS_KEY_ID",
    flag: "",
    value: "id",
    meaning: "access key id for the buckets",
    schema: z.string(),
    fallback: null,
    secret: "all",
  }),
  s3SecretAccessKey: setting({
    variable: "AWS_SECRET_ACCESS_KEY",
    flag: "",
    value: "key",
    meaning: "secret key that belongs to the access key id",
    schema: z.string(),
    fallback: null,
    secret: "all",
  }),
  s3SessionToken: setting({
    variable: "AWS_SESSION_TOKEN",
    flag: "",
    value: "token",
    meaning: "session token of temporary credentials",
    schema: z.string(),
    fallback: null,
    secret: "all",
  }),
  logLevel: setting({
    variable: "LOCKSTEP_LOG_LEVEL",
    flag: "--log-level",
    value: "level",
    meaning: `least important log lines shown: ${LOG_LEVELS.join(", ")}`,
    schema: z.string().pipe(z.enum(LOG_LEVELS, { error: `must be ${LOG_LEVELS.join(", ")}` })),
    fallback: "info",
  }),
  uploadBytesMax: setting({
    variable: "LOCKSTEP_UPLOAD_MAX_BYTES",
    flag: "--upload-max-bytes",
    value: "bytes",
    meaning: "largest file the API keeps, in bytes; at most 50 MiB",
    schema: integer(1, 52_428_800),
    fallback: "52428800",
  }),
} as const;
