import { useQuery } from "@tanstack/react-query";
import { kindsQuery } from "../api/queries.js";
import type { KindPage } from "./kind-page.js";

const FOUND = import.meta.glob<{ default: KindPage }>("./*/index.tsx", { eager: true });

/** By folder name, which is the kind's name. */
const PAGES: ReadonlyMap<string, KindPage> = new Map(
  Object.entries(FOUND).map(([path, module]) => [path.split("/")[1] ?? "", module.default]),
);

/** The page's extra views for a kind. */
export function kindPage(kind: string): KindPage {
  return PAGES.get(kind) ?? {};
}

/** The keys that the views of the kinds handle. */
export const KIND_KEYS = [...PAGES.values()].flatMap(({ keys = [] }) => keys);

/**
 * The first step for this server, from the first kind that defines one. null: none does, or the
 * kinds are still loading.
 */
export function useBeginning<Way extends "firstJob" | "firstBatch">(
  way: Way,
): { readonly kind: string; readonly first: NonNullable<KindPage[Way]> } | null {
  const { data = [] } = useQuery(kindsQuery);
  for (const { kind } of data) {
    const first = kindPage(kind)[way];
    if (first) return { kind, first };
  }
  return null;
}
