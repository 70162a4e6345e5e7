import type { ListedJob, View } from "./view.js";

/** Every job of a view that can be asked for by its id, where listing tells no more than ids. */
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
