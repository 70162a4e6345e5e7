import { onTestFinished } from "vitest";
import { openView, openViewStores, type View } from "../../src/index.js";
import { ViewConfig } from "../../src/views/registry.js";

/** Opens one view as a configuration file would, and closes it with the test. */
export function openTestView(config: Record<string, unknown>): View {
  const stores = openViewStores();
  const view = openView({ name: "it", config: ViewConfig.parse(config), stores });
  onTestFinished(async () => {
    await view.close();
    await stores.close();
  });
  return view;
}

/** Lists all jobs of a view: for each id its word, or the state of its answer. */
export async function listed(view: View): Promise<Record<string, string>> {
  const words: Record<string, string> = {};
  for await (const page of view.pages(new AbortController().signal))
    for (const { id, answer } of page) words[id] = answer.state === "value" ? answer.word : answer.state;
  return words;
}

/** Looks up these jobs: for each id its word, or the state of its answer. */
export async function words(view: View, ids: readonly string[]): Promise<Record<string, string>> {
  const answers = await view.summaries(ids);
  return Object.fromEntries(
    [...answers].map(([id, answer]) => [id, answer.state === "value" ? answer.word : answer.state]),
  );
}

/** Reads one job. @throws Error when the view does not have it */
export async function jobOf(view: View, id: string) {
  const answer = (await view.read([id])).get(id);
  if (answer?.state !== "value") throw new Error(`no value of ${id}: ${JSON.stringify(answer)}`);
  return answer;
}
