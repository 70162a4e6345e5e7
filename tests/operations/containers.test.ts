import { existsSync, readFileSync } from "node:fs";
import { docking } from "@lockstep/docking";
import { scan } from "@lockstep/scan";
import { SETTINGS } from "lockstep/internal/settings";
import { settingsOf } from "lockstep/internal/workload";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readConfig } from "../../packages/cli/src/config.js";
import { dockerfileIssues, instructions } from "./dockerfile.js";

/**
 * Checks an image and a composition without a container engine: they are well-formed and contain
 * nothing that the program does not understand. Nothing here builds or starts them.
 */
/** The settings of the workloads that the image holds. */
const workloads = settingsOf([scan, docking]);
const read = (path: string) => readFileSync(path, "utf8");
const dockerfile = read("Dockerfile");

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly disable?: boolean; readonly test?: readonly string[] };
  readonly restart: string;
}

const compose = parse(read("compose.yaml"), { merge: true }) as {
  readonly services: Readonly<Record<"app" | "worker" | "postgres" | "redis", Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const { app, worker, postgres, redis } = compose.services;

/** As compose does it: `${NAME:?why}` and `${NAME:-default}`. */
function interpolated(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      String(value).replace(/\$\{\w+:([?-])([^}]*)\}/g, (_, sign, rest) => (sign === "-" ? rest : "pass")),
    ]),
  );
}

describe("the Dockerfile", () => {
  it("has none of the faults that the checks below know", () => {
    expect(dockerfileIssues(dockerfile)).toEqual([]);
  });

  it.each([
    ["runs as root", dockerfile.replace(/^USER node$/m, "USER root"), "USER"],
    ["names no user in its last stage", dockerfile.replace(/^USER node$/m, ""), "USER"],
    ["adds from the network", `${dockerfile}ADD https://example.com/x /x\n`, "ADD"],
    ["installs packages that are not locked", dockerfile.replace("npm ci", "npm install"), "npm ci"],
    ["has no health check", dockerfile.replace("HEALTHCHECK", "LABEL"), "HEALTHCHECK"],
    [
      "has a base image without a fixed version",
      dockerfile.replaceAll("node:20-bookworm-slim", "node:latest"),
      "FROM",
    ],
    ["has one stage", dockerfile.replace(/^FROM.*AS build$/m, ""), "stage"],
    ["holds a secret", `${dockerfile}ENV LOCKSTEP_TOKEN=lk_x\n`, "secret"],
  ])("would be rejected if it %s", (_, broken, issue) => {
    expect(dockerfileIssues(broken).join()).toContain(issue);
  });

  it("copies only files that exist and are allowed in the build", () => {
    const allowed = read(".dockerignore")
      .split("\n")
      .filter((line) => line.startsWith("!"));
    const sources = instructions(dockerfile)
      .filter(({ name, text }) => name === "COPY" && !text.includes("--from="))
      .flatMap(({ text }) => text.split(/\s+/).slice(0, -1));
    expect(sources.length).toBeGreaterThan(3);
    for (const source of sources) {
      expect(existsSync(source), source).toBe(true);
      expect(allowed, source).toContain(`!${source}`);
    }
  });

  it("starts the program that package.json names, on the port it exposes, with variables that exist", () => {
    const { bin } = JSON.parse(read("packages/cli/package.json")) as { bin: { lockstep: string } };
    const program = bin.lockstep.replace("./", "packages/cli/");
    const of = (name: string) => instructions(dockerfile).filter((one) => one.name === name);
    expect(JSON.parse(of("ENTRYPOINT")[0]!.text)).toEqual(["node", `/app/${program}`]);
    expect(of("HEALTHCHECK")[0]?.text).toContain(`CMD ["node", "${program}", "health"]`);
    expect(of("EXPOSE")[0]?.text).toBe(SETTINGS.port.fallback);
    const variables = [...of("ENV")[0]!.text.matchAll(/(LOCKSTEP_\w+)=/g)].map((match) => match[1]);
    const known: string[] = Object.values(SETTINGS).map(({ variable }) => variable);
    expect(variables.filter((name) => !known.includes(name!))).toEqual([]);
    expect(variables).toContain("LOCKSTEP_DATA_DIR");
  });
});

describe("compose.yaml", () => {
  it("sets only variables that exist, to allowed values", () => {
    const known = [...Object.values(SETTINGS), ...Object.values(workloads)].map(({ variable }) => variable);
    for (const { environment } of [app, worker]) {
      const unknown = Object.keys(environment).filter((name) => !known.includes(name));
      expect(unknown).toEqual([]);
      const { config, warnings } = readConfig({}, interpolated(environment), { workloads });
      expect(warnings).toEqual([]);
      expect(config.databaseUrl).toContain("@postgres:5432/");
      expect(config.redisUrl).toContain("@redis:6379");
    }
  });

  it("runs commands that exist", () => {
    for (const { command } of [app, worker]) {
      expect(command).toHaveLength(1);
      expect(existsSync(`packages/cli/src/commands/${command![0]}.ts`), command![0]).toBe(true);
    }
  });

  it("publishes the API's port to this machine only, and nothing else", () => {
    const { config } = readConfig({}, interpolated(app.environment), { workloads });
    expect(app.ports).toEqual([`127.0.0.1:${config.port}:${config.port}`]);
    expect([worker.ports, postgres.ports, redis.ports]).toEqual([undefined, undefined, undefined]);
  });

  it("waits for healthy stores, restarts what ends, and keeps all persistent data on named volumes", () => {
    for (const service of [postgres, redis]) expect(service.healthcheck?.test?.[0]).toBe("CMD");
    for (const service of [app, worker]) {
      expect(Object.keys(service.depends_on ?? {}).sort()).toEqual(["postgres", "redis"]);
      for (const { condition } of Object.values(service.depends_on ?? {}))
        expect(condition).toBe("service_healthy");
      const dataDir = /LOCKSTEP_DATA_DIR=(\S+)/.exec(dockerfile)?.[1];
      expect(service.volumes).toContain(`data:${dataDir}`);
    }
    for (const service of Object.values(compose.services)) expect(service.restart).toBe("unless-stopped");
    const used = Object.values(compose.services)
      .flatMap((service) => service.volumes ?? [])
      .map((volume) => volume.split(":")[0]!)
      .filter((name) => /^\w+$/.test(name));
    expect(new Set(used)).toEqual(new Set(Object.keys(compose.volumes)));
  });

  it("pins the stores' versions and contains no password", () => {
    for (const { image } of [postgres, redis]) expect(image).toMatch(/:\d/);
    expect(read("compose.yaml")).not.toMatch(/PASSWORD: +[^\s$]/);
    for (const { environment } of [app, worker])
      expect(`${environment.DATABASE_URL} ${environment.REDIS_URL}`).toMatch(
        /\$\{POSTGRES_PASSWORD:\?.*\$\{REDIS_PASSWORD:\?/,
      );
  });
});
