import { LockstepError } from "lockstep/internal/errors";
import { reasonOf } from "../stores/reason.js";
import { addressOf, validateTemplate } from "../views/http/address.js";
import type { Candidate } from "./candidate.js";
import { readDocuments } from "./documents.js";

const ASKED_MAX = 20;
const ANSWER_MS_MAX = 5_000;

/**
 * Asks an endpoint for a few jobs to find where its status is and which words it uses.
 * @returns a sentence with the reason when no answer holds a status
 * @throws LockstepError INVALID_CONFIG when the address has no place for an id
 */
export async function surveyHttp(template: string, ids: readonly string[]): Promise<Candidate | string> {
  const issue = validateTemplate(template);
  if (issue !== null) throw new LockstepError("INVALID_CONFIG", `the address of the endpoint ${issue}`);
  const texts: string[] = [];
  const others = new Set<string>();
  for (const id of ids.slice(0, ASKED_MAX)) {
    const url = addressOf(template, id);
    if (url === null) continue;
    const { text, why } = await ask(url);
    if (text === null) others.add(why);
    else texts.push(text);
  }
  const found = readDocuments(texts);
  if (found === null) return whyNone(texts.length, others);
  return {
    label: "the endpoint",
    name: "page",
    config: { type: "http", fields: found.fields },
    words: found.words,
    sampleIds: [],
    count: null,
    store: "http",
  };
}

function whyNone(answers: number, others: ReadonlySet<string>): string {
  if (answers > 0)
    return "the endpoint's answers have no status among their first members: add its path to the configuration, such as fields: { status: data.job.state }";
  return others.size === 0
    ? "the endpoint was not asked, because no job ids were found elsewhere"
    : `the endpoint showed none of the sampled ids: it ${[...others].slice(0, 3).join(", or ")}`;
}

async function ask(url: URL): Promise<{ readonly text: string | null; readonly why: string }> {
  try {
    const { request } = await import("undici");
    const { statusCode, body } = await request(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    const text = await body.text();
    return { text: statusCode === 200 ? text : null, why: `answered ${statusCode}` };
  } catch (error) {
    return { text: null, why: `did not answer (${reasonOf(error)})` };
  }
}
