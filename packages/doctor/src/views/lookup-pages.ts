import type { ListedJob, View } from "./view.js";

/** Pages over all jobs of a view that lists only ids: each page is looked up by id. */
export async function* lookupPages(
  view: Pick<View, "idPages" | "summaries">,
  signal: AbortSignal,
): AsyncIterable<readonly ListedJob[]> {
  for await (const ids of view.idPages(signal)) {
    const answers = await view.summaries(ids);
    const listed = [...answers].map(([id, answer]) => ({ id, answer }));
    yield listed.filter(({ answer }) => answer.state !== "absent");
  }
}
