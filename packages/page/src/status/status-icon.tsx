import type { JobStatus } from "../api/client.js";

const PATHS: Readonly<Record<JobStatus | "unknown", string>> = {
  pending: "M8 4.2V8l2.4 1.6M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8Z",
  running: "M8 1.8a6.2 6.2 0 1 1-6.2 6.2M6.6 5.4 10.6 8l-4 2.6Z",
  completed: "M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8ZM5.2 8.2l2 2 3.6-4.2",
  failed: "M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8ZM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4",
  cancelled: "M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8ZM3.7 3.7l8.6 8.6",
  unknown: "M5.9 6.1a2.1 2.1 0 1 1 3 1.9c-.6.3-.9.7-.9 1.4M8 11.6v.1",
};

/** A status as a shape, so that it is visible without colour too. */
export function StatusIcon({ status }: { status: JobStatus | "unknown" }) {
  return (
    <svg className="status-icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[status]} />
    </svg>
  );
}
