import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Doctor, LockstepStores, NotedWrite } from "@lockstep/doctor";
import { Option } from "commander";
import { LockstepError } from "lockstep/internal/errors";
import type { Invocation } from "../command.js";
import { readVariables, type SettingName } from "../config.js";
import { createLogger } from "../log.js";
import { type DoctorCommand, doctorCommands } from "./doctor-command.js";

const DEFAULT_FILE = "lockstep.doctor.yaml";
/** The quiet period is short, because the copies follow the ledger quickly. */
const LOCKSTEP_QUIET_MS = 2_000;

/** The settings for Lockstep's own stores and for the folder of plans and journals. */
export const DOCTOR_SETTINGS = [
  "databaseUrl",
  "schema",
  "redisUrl",
  "resultPrefix",
  "dataDir",
] as const satisfies readonly SettingName[];

/** In another system's environment these name its stores, which Lockstep itself may not support. */
export const STORES_OF_OTHERS = ["databaseUrl", "redisUrl"] as const satisfies readonly SettingName[];

/** The actor that is recorded for writes of these commands. */
export const CLI_ACTOR = "cli";

/** Selects the configuration of a doctor command. */
export interface DoctorFlags {
  readonly config?: string;
}

/** A doctor, and a formatter for its commands. */
export interface OpenedDoctor {
  readonly doctor: Doctor;
  readonly command: DoctorCommand;
  /** The writes to Lockstep's own stores, newest first; null: the doctor compares other stores. */
  readonly writes: ((limit: number) => Promise<readonly NotedWrite[]>) | null;
}

export function configFileOption(): Option {
  return new Option(
    "--config <file>",
    `the doctor's configuration, YAML or JSON (default: ${DEFAULT_FILE}; without one, Lockstep's own stores)`,
  );
}

/**
 * Opens the doctor for a configuration file or, without one, for Lockstep's own stores. Loads the
 * doctor package only now, so that other commands start faster.
 * @throws LockstepError INVALID_CONFIG
 */
export async function openDoctor(invocation: Invocation<DoctorFlags>): Promise<OpenedDoctor> {
  const { Doctor, parseDoctorConfig } = await import("@lockstep/doctor");
  const { config: file } = invocation.options;
  const stateDir = join(invocation.config(STORES_OF_OTHERS).dataDir, "doctor");
  const text = await readConfigFile(file ?? DEFAULT_FILE);
  if (text === null && file === undefined && hasLockstepStores(invocation))
    return await openLockstepDoctor(invocation, stateDir);
  if (text === null) throw noConfig(file);
  const config = parseDoctorConfig(text, readVariables());
  const isOwn = Object.values(config.views).some(({ type }) => type === "ledger" || type === "projection");
  const own = isOwn ? { own: await openOwn(invocation) } : {};
  const doctor = new Doctor({ config, stateDir, ...own });
  const { dataDir, schema } = invocation.flags();
  return {
    doctor,
    command: doctorCommands({ config: file, dataDir, schema }),
    writes: null,
  };
}

/** The ledger and its copies in Redis. */
async function openLockstepDoctor(
  invocation: Invocation<DoctorFlags>,
  stateDir: string,
): Promise<OpenedDoctor> {
  const { Doctor, ledgerView, projectionView } = await import("@lockstep/doctor");
  const { databaseUrl, schema, redisUrl, resultPrefix: prefix } = invocation.config();
  const ledger = { databaseUrl, schema };
  const own = await openOwn(invocation);
  if (redisUrl === null)
    invocation.terminal.note("REDIS_URL is not set: there are no copies to compare with the ledger");
  const writes = own.writes(ledger);
  const doctor = new Doctor({
    config: {
      version: 1,
      record: "ledger",
      quiet_period: LOCKSTEP_QUIET_MS,
      compare_results: false,
      views: {},
    },
    stateDir,
    own,
    views: [
      ledgerView("ledger", own.ledger(ledger)),
      ...(redisUrl === null
        ? []
        : [projectionView("projection", own.copies({ redisUrl, prefix, ledger }), writes)]),
    ],
  });
  return { doctor, command: doctorCommands(invocation.flags()), writes: (limit) => writes.list({ limit }) };
}

async function openOwn(invocation: Invocation<DoctorFlags>): Promise<LockstepStores> {
  const { openLockstepStores } = await import("../lockstep-stores.js");
  const { dataDir, schema } = invocation.config(STORES_OF_OTHERS);
  return openLockstepStores({ dataDir, schema, logger: createLogger("silent", invocation.terminal) });
}

/**
 * Returns whether there is a ledger to read: one with an address, or an embedded one in the data
 * directory.
 */
function hasLockstepStores(invocation: Invocation<DoctorFlags>): boolean {
  const named = invocation.flags().databaseUrl ?? readVariables().DATABASE_URL ?? "";
  if (/^[a-z]/.test(named) && !/^postgres(ql)?:/.test(named)) return false;
  const { databaseUrl, dataDir } = invocation.config();
  return databaseUrl !== null || existsSync(join(dataDir, "database"));
}

function noConfig(file: string | undefined): LockstepError {
  return new LockstepError(
    "INVALID_CONFIG",
    file === undefined
      ? `there is no ${DEFAULT_FILE} here (lockstep doctor init writes one), and DATABASE_URL does not name Lockstep's own ledger`
      : `the doctor's configuration ${file} cannot be read; lockstep doctor init writes one`,
  );
}

/** @returns null when there is no such file */
async function readConfigFile(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw new LockstepError("INVALID_CONFIG", `the doctor's configuration ${path} cannot be read`, { cause });
  }
}
