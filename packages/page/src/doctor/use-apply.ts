import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.js";
import { readApplying } from "./doctor-data.js";

const WATCHED_MS = 500;
/** An apply may take longer than any other call; the page polls its progress meanwhile. */
const REPAIRS_MAX = 100_000;

/** After a repair the last check is outdated: check again. */
async function checkAgain(): Promise<void> {
  await dataOf(api.POST("/api/doctor/checks"));
}

/** The apply of a plan: its progress is shown no matter who started it. */
export function useApply(plan: string) {
  const client = useQueryClient();
  const apply = useMutation({
    mutationFn: (perSecond: number | null) =>
      dataOf(
        api.POST("/api/doctor/plans/{id}/apply", {
          params: { path: { id: plan } },
          body: { max_repairs: REPAIRS_MAX, only: null, ids: null, per_second: perSecond },
        }),
      ),
    onSuccess: checkAgain,
    onSettled: () =>
      Promise.all(["runs", "checks"].map((part) => client.invalidateQueries({ queryKey: ["doctor", part] }))),
  });
  const stop = useMutation({
    mutationFn: () => dataOf(api.POST("/api/doctor/plans/{id}/stop", { params: { path: { id: plan } } })),
  });
  const { data: progress = null } = useQuery({
    queryKey: ["doctor", "applying", plan],
    queryFn: () => readApplying(plan),
    refetchInterval: ({ state }) => (apply.isPending || state.data ? WATCHED_MS : false),
    gcTime: 0,
  });
  return { apply, stop, progress };
}
