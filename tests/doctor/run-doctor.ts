import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CliOptions, type CliResult, runCli, spawnCli } from "../../packages/cli/test/run-cli.js";
import type { System } from "../../packages/doctor/test/system.js";

/** Runs the real command with the configuration of a system. */
export interface DoctorCommands {
  readonly configFile: string;
  run(...words: readonly string[]): Promise<CliResult>;
  start(...words: readonly string[]): ReturnType<typeof spawnCli>;
}

export function doctorCommands(system: System, changes?: object): DoctorCommands {
  const configFile = join(system.stateDir, changes ? "other.json" : "doctor.json");
  writeFileSync(configFile, system.config(changes));
  const options: CliOptions = { cwd: system.stateDir, env: { LOCKSTEP_DATA_DIR: system.stateDir } };
  const args = (words: readonly string[]) => ["doctor", ...words, "--config", configFile];
  return {
    configFile,
    run: (...words) => runCli(args(words), options),
    start: (...words) => spawnCli(args(words), options),
  };
}
