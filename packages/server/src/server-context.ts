import type { DoctorService } from "@lockstep/doctor";
import type { ArtifactStore } from "lockstep/internal/artifacts";
import type { AnyJobDefinition, JobCache } from "lockstep/internal/job";
import type { KeyStore } from "lockstep/internal/keys";
import type { Ledger } from "lockstep/internal/ledger";
import type { Schedules } from "lockstep/internal/schedules";
import type { OpenWorkload } from "lockstep/internal/workload";
import type { Logger } from "pino";
import type { Auth } from "./auth.js";
import type { DatabaseHealth } from "./database-health.js";
import type { EventHub } from "./events/index.js";
import type { JobReader } from "./job-reader.js";
import type { BullmqView } from "./job-views.js";
import type { Kinds } from "./kind-catalog/index.js";
import type { LongWaits } from "./long-waits.js";
import type { createRedisHealth, RedisState } from "./redis-health.js";

export interface ServerOptions {
  readonly ledger: Ledger;
  readonly keys: KeyStore;
  readonly files: ArtifactStore;
  /** Kinds of jobs that can be submitted. */
  readonly definitions: readonly AnyJobDefinition[];
  /** More kinds, with more than a job definition. Default: none. */
  readonly workloads?: readonly OpenWorkload[];
  /** An address that is not loopback needs an active API key. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly logger: Logger;
  readonly version: string;
  /** Seconds of silence after which a worker is lost; sent to workers that register. */
  readonly leaseSeconds: number;
  /**
   * Names besides loopback's, with or without a port, under which requests without a key may call
   * this server.
   */
  readonly allowedHosts?: readonly string[];
  /** The content of `/metrics`. Without it that address does not exist. */
  readonly metrics?: MetricsText;
  /**
   * Answers reads of a job's status while the database is down. Default: they fail with 503 then.
   */
  readonly cache?: JobCache;
  /** Reads BullMQ's status of bridged jobs. Default: the views omit it. */
  readonly bullmq?: BullmqView;
  /** A folder with the built page. Default, or when it is empty: only the API. */
  readonly pageDir?: string;
  /** Compares the ledger with its copies. Without it those addresses do not exist. */
  readonly doctor?: DoctorService;
  /** Reported at `/health/ready`. Default: Redis is not used, and not mentioned. */
  readonly redis?: RedisState;
}

/** The text of one scrape. */
export interface MetricsText {
  readonly contentType: string;
  text(): Promise<string>;
}

/** What routes need. */
export interface ServerContext {
  readonly ledger: Ledger;
  readonly keys: KeyStore;
  readonly files: ArtifactStore;
  readonly kinds: Kinds;
  readonly auth: Auth;
  readonly waits: LongWaits;
  readonly events: EventHub;
  readonly jobs: JobReader;
  readonly schedules: Schedules;
  readonly health: DatabaseHealth;
  readonly redisHealth: ReturnType<typeof createRedisHealth> | null;
  readonly metrics?: MetricsText;
  readonly pageDir?: string;
  readonly doctor?: DoctorService;
  /** Copies of jobs; absent when there are none. */
  readonly cache?: JobCache;
  readonly bullmq?: BullmqView;
  readonly version: string;
  readonly leaseSeconds: number;
}
