import { useQuery } from "@tanstack/react-query";
import { kindsQuery } from "../api/queries.js";
import type { KindPage } from "./kind-page.js";

const FOUND = import.meta.glob<{ default: KindPage }>("./*/index.tsx", { eager: true });

/** By the names of the folders, which are those of the kinds. */
const PAGES: ReadonlyMap<string, KindPage> = new Map(
  Object.entries(FOUND).map(([path, module]) => [path.split("/")[1] ?? "", module.default]),
);

/** What the page shows of a kind besides what it shows of every kind. */
export function kindPage(kind: string): KindPage {
  return PAGES.get(kind) ?? {};
}

/** The keys that the kinds' own views listen for. */
export const KIND_KEYS = [...PAGES.values()].flatMap(({ keys = [] }) => keys);

/** How to begin on this server: of the first kind it defines that has a way. null: it has none, or is still asked. */
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
