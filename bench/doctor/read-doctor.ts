import { tmpdir } from "node:os";
import { Doctor, parseDoctorConfig } from "../../src/doctor/index.js";
import { KEY } from "./plant-pairs.js";

/** The doctor's check, with a quiet period of one second. */
const { databaseUrl, redisUrl } = JSON.parse(process.argv[2] ?? "{}") as {
  databaseUrl: string;
  redisUrl: string;
};
const statuses = { PENDING: "pending", IN_PROGRESS: "running", COMPLETED: "completed", FAILED: "failed" };
const columns = {
  id: "id",
  status: "status",
  result: "result",
  error: "error",
  started_at: "startedAt",
  finished_at: "finishedAt",
  updated_at: "updatedAt",
};
const config = {
  record: "table",
  quiet_period: "1s",
  views: {
    queue: { type: "redis-hash", url: redisUrl, key: KEY, statuses },
    table: { type: "sql", url: databaseUrl, table: "ScanJob", columns, statuses },
  },
};
const doctor = new Doctor({ config: parseDoctorConfig(JSON.stringify(config), {}), stateDir: tmpdir() });
const began = performance.now();
const { drifting } = await doctor.check();
const seconds = (performance.now() - began) / 1_000;
await doctor.close();
const { user, system } = process.cpuUsage();
const rssMb = (process.resourceUsage().maxRSS * 1_024) / 1e6;
console.log(JSON.stringify({ drifting, seconds, cpuSeconds: (user + system) / 1e6, rssMb }));
