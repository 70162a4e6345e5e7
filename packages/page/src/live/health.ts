import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { serverClock } from "../clock/server-clock.js";

interface Dependency {
  readonly name: "database" | "redis";
  readonly status: "up" | "down";
  readonly since: string;
  readonly latency_ms: number | null;
}

export interface Health {
  /** `unreachable`: nothing answered. */
  readonly server: "up" | "unreachable";
  readonly dependencies: readonly Dependency[];
  readonly workersLive: number | null;
  readonly version: string | null;
  readonly as_of: string;
}

const EVERY_MS = 5_000;
const EVERY_MS_WHEN_DOWN = 1_500;
const ANSWER_MS_MAX = 6_000;

async function readHealth(): Promise<Health> {
  const sentAt = Date.now();
  try {
    const answer = await fetch("/health/ready", { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    const body: unknown = await answer.json();
    if (!isReady(body)) throw new TypeError("not an answer about health");
    serverClock.learn(body.as_of, sentAt, Date.now());
    const { dependencies, workers_live, version, as_of } = body;
    return { server: "up", dependencies, workersLive: workers_live, version, as_of };
  } catch {
    const as_of = new Date(serverClock.now()).toISOString();
    return { server: "unreachable", dependencies: [], workersLive: null, version: null, as_of };
  }
}

interface Ready {
  readonly dependencies: readonly Dependency[];
  readonly workers_live: number | null;
  readonly version: string;
  readonly as_of: string;
}

function isReady(body: unknown): body is Ready {
  return typeof body === "object" && body !== null && "dependencies" in body && "as_of" in body;
}

/** Polls the server's health for as long as the page is open. */
export function useHealth(): Health | null {
  const { data } = useQuery({
    queryKey: ["health"],
    queryFn: readHealth,
    refetchInterval: ({ state }) => (isWell(state.data ?? null) ? EVERY_MS : EVERY_MS_WHEN_DOWN),
    refetchIntervalInBackground: true,
    staleTime: EVERY_MS,
  });
  return data ?? null;
}

function isWell(health: Health | null): boolean {
  return health?.server === "up" && health.dependencies.every(({ status }) => status === "up");
}

/**
 * What is unreachable, and since when; null when everything is reachable. The worst comes first.
 */
export interface Outage {
  readonly what: "server" | "database" | "redis";
  readonly since: string;
}

export function useOutage(): Outage | null {
  const health = useHealth();
  const unreachableSince = useRef<string | null>(null);
  if (!health) return null;
  if (health.server === "unreachable") {
    unreachableSince.current ??= health.as_of;
    return { what: "server", since: unreachableSince.current };
  }
  unreachableSince.current = null;
  const down = health.dependencies.filter(({ status }) => status === "down");
  const worst = down.find(({ name }) => name === "database") ?? down[0];
  return worst ? { what: worst.name, since: worst.since } : null;
}

/** Whether the ledger can be read. If not, everything on screen is as old as its last read. */
export function useLedgerReachable(): boolean {
  const outage = useOutage();
  return outage === null || outage.what === "redis";
}
