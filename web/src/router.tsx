import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { readJobSearch } from "./jobs/job-filter.js";
import { JobsPage } from "./jobs/jobs-page.js";
import { NotFound } from "./shell/not-found.js";
import { Shell } from "./shell/shell.js";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const start = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/jobs" });
  },
});

const jobs = createRoute({
  getParentRoute: () => root,
  path: "/jobs",
  validateSearch: readJobSearch,
  component: JobsPage,
});

const job = createRoute({
  getParentRoute: () => root,
  path: "/jobs/$id",
  validateSearch: (search: Record<string, unknown>): { tab?: string; pose?: number } => ({
    ...(typeof search.tab === "string" ? { tab: search.tab } : {}),
    ...(typeof search.pose === "number" ? { pose: search.pose } : {}),
  }),
  component: lazyRouteComponent(() => import("./job/job-page.js"), "JobPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([start, jobs, job]),
  defaultPreload: false,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
