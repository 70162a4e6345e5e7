import type { QueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import type { Transition } from "../api/client.js";
import { EventStream, type LiveState, type StreamFilter } from "./event-stream.js";
import { type KnownJob, VersionStore } from "./version-store.js";

/** The source of everything that components show about a job. */
export const versions = new VersionStore();

type ChangeListener = (transition: Transition) => void;

const changeListeners = new Set<ChangeListener>();
const stateListeners = new Set<() => void>();
let state: { readonly live: LiveState; readonly paused: boolean } = { live: "connecting", paused: false };
let stream: EventStream | null = null;

/** Starts to listen for changes. @returns a function that stops */
export function startLive(queries: QueryClient): () => void {
  stream = new EventStream({
    onState(live) {
      // Changes during a gap come with the stream; data from polling may be older than that.
      enter({ ...state, live });
    },
    onChange(transition) {
      if (versions.seeChange(transition)) for (const listener of changeListeners) listener(transition);
    },
    onJob: (job) => versions.seeJob(job),
    onProgress: (report) => versions.seeProgress(report),
    onReset: () => void queries.invalidateQueries(),
  });
  stream.follow({});
  return () => {
    stream?.close();
    stream = null;
  };
}

/** Pauses or resumes the painting of changes. */
export function setPaused(paused: boolean): void {
  versions.pause(paused);
  enter({ ...state, paused });
}

function enter(next: typeof state): void {
  state = next;
  for (const listener of stateListeners) listener();
}

function subscribeState(listener: () => void): () => void {
  stateListeners.add(listener);
  return () => stateListeners.delete(listener);
}

/** How changes reach the page, and whether the reader has paused them. */
export function useLiveState(): { readonly live: LiveState; readonly paused: boolean } {
  return useSyncExternalStore(subscribeState, () => state);
}

/** Declares which events this page needs while it is shown. */
export function useFollow({ job, kind }: StreamFilter): void {
  useEffect(() => {
    stream?.follow({ ...(job ? { job } : {}), ...(kind ? { kind } : {}) });
  }, [job, kind]);
}

/** Calls back for each change that is new to this page. */
export function useChanges(listener: ChangeListener): void {
  useEffect(() => {
    changeListeners.add(listener);
    return () => {
      changeListeners.delete(listener);
    };
  }, [listener]);
}

/** The newest version of a job that may be shown; null until it was read once. */
export function useJob(id: string): KnownJob | null {
  return useSyncExternalStore(versions.subscribe, () => versions.get(id));
}

/** Milliseconds between two polls while there is no stream; false while there is one. */
export function usePolling(): number | false {
  const { live, paused } = useLiveState();
  return live === "live" || paused ? false : 5_000;
}
