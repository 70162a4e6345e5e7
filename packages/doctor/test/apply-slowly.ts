import { readFileSync } from "node:fs";
import { Doctor, parseDoctorConfig } from "../src/index.js";

/** Applies a plan slowly enough to be killed. Arguments: configuration file, state folder, plan. */
const [configFile = "", stateDir = "", plan = ""] = process.argv.slice(2);
const config = parseDoctorConfig(readFileSync(configFile, "utf8"), {});
const doctor = new Doctor({ config, stateDir });
await doctor.apply(plan, { repairsMax: 1_000_000, only: null, ids: null, perSecond: 30 });
await doctor.close();
