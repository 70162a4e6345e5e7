import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { readJobSearch } from "./jobs/job-filter.js";
import { JobsPage } from "./jobs/jobs-page.js";
import { OverviewPage } from "./overview/overview-page.js";
import { SignInPage } from "./session/sign-in.js";
import { NotFound } from "./shell/not-found.js";
import { Shell } from "./shell/shell.js";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const start = createRoute({ getParentRoute: () => root, path: "/", component: OverviewPage });

const kinds = createRoute({
  getParentRoute: () => root,
  path: "/submit",
  component: lazyRouteComponent(() => import("./submit/submit-page.js"), "KindsPage"),
});

const submit = createRoute({
  getParentRoute: () => root,
  path: "/submit/$kind",
  validateSearch: (search: Record<string, unknown>): { from?: string } =>
    typeof search.from === "string" ? { from: search.from } : {},
  component: lazyRouteComponent(() => import("./submit/submit-page.js"), "SubmitPage"),
});

const doctor = createRoute({
  getParentRoute: () => root,
  path: "/doctor",
  validateSearch: (
    search: Record<string, unknown>,
  ): { plan?: string; pattern?: string; action?: string } => ({
    ...(typeof search.plan === "string" ? { plan: search.plan } : {}),
    ...(typeof search.pattern === "string" ? { pattern: search.pattern } : {}),
    ...(typeof search.action === "string" ? { action: search.action } : {}),
  }),
  component: lazyRouteComponent(() => import("./doctor/doctor-page.js"), "DoctorPage"),
});

const system = createRoute({
  getParentRoute: () => root,
  path: "/system",
  component: lazyRouteComponent(() => import("./system/system-page.js"), "SystemPage"),
});

const signIn = createRoute({ getParentRoute: () => root, path: "/sign-in", component: SignInPage });

const jobs = createRoute({
  getParentRoute: () => root,
  path: "/jobs",
  validateSearch: readJobSearch,
  component: JobsPage,
});

/** The open tab. Numbers stay in the URL: a kind's own view uses them for its selection. */
function readOpenPart(search: Record<string, unknown>): { tab?: string } {
  const numbers: object = Object.fromEntries(
    Object.entries(search).filter(([, value]) => Number.isFinite(value)),
  );
  return { ...numbers, ...(typeof search.tab === "string" ? { tab: search.tab } : {}) };
}

const job = createRoute({
  getParentRoute: () => root,
  path: "/jobs/$id",
  validateSearch: readOpenPart,
  component: lazyRouteComponent(() => import("./job/job-page.js"), "JobPage"),
});

const batches = createRoute({
  getParentRoute: () => root,
  path: "/batches",
  validateSearch: (search: Record<string, unknown>): { cursor?: string } =>
    typeof search.cursor === "string" ? { cursor: search.cursor } : {},
  component: lazyRouteComponent(() => import("./batch/batches-page.js"), "BatchesPage"),
});

const batch = createRoute({
  getParentRoute: () => root,
  path: "/batches/$id",
  component: lazyRouteComponent(() => import("./batch/batch-page.js"), "BatchPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([start, jobs, job, batches, batch, kinds, submit, doctor, system, signIn]),
  defaultPreload: false,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
