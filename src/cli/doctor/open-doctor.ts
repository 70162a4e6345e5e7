import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Option } from "commander";
import { readVariables } from "../../config.js";
import type { Doctor } from "../../doctor/index.js";
import { LockstepError } from "../../errors.js";
import type { Invocation } from "../command.js";

/** Which configuration a doctor's command works with. */
export interface DoctorFlags {
  readonly config: string;
}

export function configFileOption(): Option {
  return new Option("--config <file>", "the doctor's configuration, YAML or JSON").default(
    "lockstep.doctor.yaml",
  );
}

/** The doctor of a configuration file. Loaded only now: the other commands start faster without it. */
export async function openDoctor(invocation: Invocation<DoctorFlags>): Promise<Doctor> {
  const { Doctor, parseDoctorConfig } = await import("../../doctor/index.js");
  const text = await readConfigFile(invocation.options.config);
  const config = parseDoctorConfig(text, readVariables());
  return new Doctor({ config, stateDir: join(invocation.config().dataDir, "doctor") });
}

async function readConfigFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new LockstepError(
      "INVALID_CONFIG",
      `the doctor's configuration ${path} cannot be read; lockstep doctor init writes one`,
      { cause },
    );
  }
}
