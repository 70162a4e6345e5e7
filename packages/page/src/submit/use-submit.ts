import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, dataOf } from "../api/client.js";
import { versions } from "../live/live.js";
import type { LibraryChoice } from "./library.js";

interface SubmitRequest {
  readonly input: unknown;
  /** null: one job. */
  readonly library: LibraryChoice | null;
}

/** One idempotency key per opened form: pressing the button twice makes one job. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `page-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Submits a form, as one job or as a batch, and opens its page. */
export function useSubmit(kind: string) {
  const navigate = useNavigate();
  const [key] = useState(newKey);
  const params = { header: { "idempotency-key": key } };
  return useMutation({
    mutationFn: async ({ input, library }: SubmitRequest) => {
      if (library === null) {
        const job = await dataOf(api.POST("/api/jobs", { body: { kind, input }, params }));
        versions.seeJob(job);
        return () => navigate({ to: "/jobs/$id", params: { id: job.id } });
      }
      // A kind with a library describes the members of its input.
      const shared = input as Record<string, unknown>;
      const body = { kind, input: shared, ...library };
      const batch = await dataOf(api.POST("/api/batches", { body, params }));
      return () => navigate({ to: "/batches/$id", params: { id: batch.id } });
    },
    onSuccess: (open) => open(),
  });
}
