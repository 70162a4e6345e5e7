import type { App } from "../app-type.js";
import { pageRoutes, servesPage } from "../page/index.js";
import type { ServerParts } from "../parts.js";
import { artifactRoutes } from "./artifacts.js";
import { changeJobRoutes } from "./change-job.js";
import { changeJobsRoute } from "./change-jobs.js";
import { eventRoutes } from "./events.js";
import { fileRoutes } from "./files.js";
import { healthRoutes } from "./health.js";
import { jobHistoryRoutes } from "./job-history.js";
import { keyRoutes } from "./keys.js";
import { kindRoutes } from "./kinds.js";
import { limitRoutes } from "./limits.js";
import { listJobsRoute } from "./list-jobs.js";
import { metricsRoute } from "./metrics.js";
import { queueRoutes } from "./queues.js";
import { readJobRoutes } from "./read-job.js";
import { rootRoutes } from "./root.js";
import { scheduleRoutes } from "./schedules.js";
import { sessionRoutes } from "./session.js";
import { statsRoutes } from "./stats.js";
import { submitRoutes } from "./submit.js";
import { viewsRoute } from "./views.js";
import { workerRoutes } from "./workers.js";

/** Every address of the API, in the order its document lists them. */
export async function addRoutes(app: App, parts: ServerParts): Promise<void> {
  submitRoutes(app, parts);
  listJobsRoute(app, parts);
  readJobRoutes(app, parts);
  changeJobRoutes(app, parts);
  changeJobsRoute(app, parts);
  jobHistoryRoutes(app, parts);
  viewsRoute(app, parts);
  artifactRoutes(app, parts);
  await fileRoutes(app, parts);
  eventRoutes(app, parts);
  kindRoutes(app, parts);
  scheduleRoutes(app, parts);
  queueRoutes(app, parts);
  limitRoutes(app, parts);
  workerRoutes(app, parts);
  statsRoutes(app, parts);
  keyRoutes(app, parts);
  sessionRoutes(app, parts);
  healthRoutes(app, parts);
  metricsRoute(app, parts);
  rootRoutes(app, parts, servesPage(parts.pageDir) ? await pageRoutes(app, parts.pageDir) : null);
}
