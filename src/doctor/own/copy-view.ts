import { ABSENT, type Answer, type Value, type View } from "../views/view.js";
import type { ViewWriter, WriteOutcome } from "../views/writer.js";
import { askEach, shownJob } from "./ledger-view.js";

type ShownCopy = Parameters<typeof shownJob>[0] & { readonly as_of: string };

/** What is needed of the copies in Redis. */
export interface OwnCopies {
  get(
    id: string,
  ): Promise<{ readonly state: "hit"; readonly job: ShownCopy } | { readonly state: "unknown" }>;
  /** Removes a copy that was made at that time, and no other. @returns whether it was there */
  remove(id: string, asOf: string): Promise<boolean>;
}

/**
 * The copies of Lockstep's jobs in Redis. A missing one says nothing. A wrong one is removed: no answer is better than a stale one, and
 * the job's next transition writes it anew.
 */
export function copyView(copies: OwnCopies): View {
  const read = async (id: string): Promise<Answer<Value>> => {
    const answer = await copies.get(id);
    if (answer.state === "unknown") return ABSENT;
    const { job } = answer;
    return { ...shownJob(job), mark: job.as_of, image: null };
  };
  return {
    name: "redis",
    type: "lockstep-projection",
    traits: {
      role: "surface",
      absence: "silent",
      knowsLocks: false,
      keepsResults: true,
      isAuthority: false,
    },
    examine: async () => ({
      countEstimate: null,
      writeObstacle: null,
      notes: ["redis: copies that are missing say nothing"],
    }),
    async *pages() {
      // Everything it holds is asked for by the ledger's ids.
    },
    async *idPages() {
      // The same.
    },
    glance: (ids) => askEach(ids, read),
    read: (ids) => askEach(ids, read),
    writer: copyWriter(copies),
    close: async () => undefined,
  };
}

function copyWriter(copies: OwnCopies): ViewWriter {
  return {
    actions: ["refresh"],
    fields: new Set(),
    wordFor: (status) => status,
    async write({ id, mark }): Promise<WriteOutcome> {
      const isRemoved = await copies.remove(id, mark ?? "");
      return isRemoved ? { outcome: "written", mark: null } : { outcome: "changed" };
    },
    async restore() {
      return { outcome: "refused", why: "a wrong copy is not put back: the ledger is the record" };
    },
  };
}
