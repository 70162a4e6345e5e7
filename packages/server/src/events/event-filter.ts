import type { Status } from "lockstep/internal/job";

/** What a stream shows; null means everything. All given conditions must match. */
export interface EventFilter {
  readonly jobs: ReadonlySet<string> | null;
  readonly kinds: ReadonlySet<string> | null;
  readonly statuses: ReadonlySet<Status> | null;
}

export function matches(
  filter: EventFilter,
  event: { readonly job_id: string; readonly kind: string; readonly status: Status },
): boolean {
  return (
    (filter.jobs?.has(event.job_id) ?? true) &&
    (filter.kinds?.has(event.kind) ?? true) &&
    (filter.statuses?.has(event.status) ?? true)
  );
}
