import type { Job } from "lockstep/internal/job";
import type { FeedEvent, Ledger } from "lockstep/internal/ledger";
import { progressFrame } from "./frame.js";
import type { Subscribers } from "./subscribers.js";

/**
 * Sends streams the progress of the running jobs they ask for. Progress is not a transition, so it
 * is not in the feed.
 */
export class ProgressWatch {
  readonly #ledger: Pick<Ledger, "get">;
  readonly #subscribers: Subscribers;
  /** The running jobs that some stream asks for, and the time of the last progress sent. */
  readonly #running = new Map<string, string | null>();
  #isPolling = false;

  constructor(ledger: Pick<Ledger, "get">, subscribers: Subscribers) {
    this.#ledger = ledger;
    this.#subscribers = subscribers;
  }

  /** Notes the state of a job that was sent to a stream. */
  noteJob(job: Job): void {
    if (job.status === "running" && !this.#running.has(job.id))
      this.#running.set(job.id, job.progress?.at ?? null);
  }

  noteEvent(event: FeedEvent): void {
    if (event.status !== "running") this.#running.delete(event.job_id);
    else if (!this.#running.has(event.job_id) && this.#subscribers.watches(event.job_id))
      this.#running.set(event.job_id, null);
  }

  /** Polls once: all jobs in one query, because the ledger combines the reads of one tick. */
  async poll(): Promise<void> {
    if (this.#isPolling) return;
    this.#isPolling = true;
    try {
      for (const id of this.#running.keys()) if (!this.#subscribers.watches(id)) this.#running.delete(id);
      const jobs = await Promise.all([...this.#running.keys()].map((id) => this.#ledger.get(id)));
      for (const job of jobs) if (job) this.#notify(job);
    } catch {
      // The database is down: there is nothing to send, and the next poll tries again.
    } finally {
      this.#isPolling = false;
    }
  }

  #notify(job: Job): void {
    if (job.status !== "running" || !job.progress || this.#running.get(job.id) === job.progress.at) return;
    this.#running.set(job.id, job.progress.at);
    this.#subscribers.notify(job, progressFrame(job));
  }
}
