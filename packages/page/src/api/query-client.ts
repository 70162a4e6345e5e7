import { QueryClient } from "@tanstack/react-query";
import { isOutage } from "./problem.js";

const RETRY_MS = 2_000;

/** What was read stays on screen while it is read again; an outage is retried for as long as it lasts. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 1_000,
      retry: (failures, error) => isOutage(error) && failures < 2,
      retryDelay: RETRY_MS,
      // The page knows better than the browser whether the server can be reached: it asks it.
      networkMode: "always",
      refetchOnWindowFocus: true,
      refetchInterval: ({ state }) => (state.error && isOutage(state.error) ? RETRY_MS : false),
    },
    mutations: { retry: false, networkMode: "always" },
  },
});
