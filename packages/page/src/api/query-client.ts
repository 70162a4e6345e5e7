import { QueryClient } from "@tanstack/react-query";
import { isOutage } from "./problem.js";

const RETRY_MS = 2_000;

/**
 * Data stays on screen while it is read again; during an outage reads are retried until they
 * succeed.
 */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 1_000,
      retry: (failures, error) => isOutage(error) && failures < 2,
      retryDelay: RETRY_MS,
      // The page knows better than the browser whether the server is reachable, because it polls
      // the server.
      networkMode: "always",
      refetchOnWindowFocus: true,
      refetchInterval: ({ state }) => (state.error && isOutage(state.error) ? RETRY_MS : false),
    },
    mutations: { retry: false, networkMode: "always" },
  },
});
