import { LockstepError } from "../../errors.js";
import { addressOf, templateFault } from "../views/http/address.js";
import type { Candidate } from "./candidate.js";
import { readDocuments } from "./documents.js";

const ASKED_MAX = 20;
const ANSWER_MS_MAX = 5_000;

/**
 * Asks an endpoint for a few jobs, to see where its status is and which words it has.
 * @returns null when no answer holds a status
 * @throws LockstepError INVALID_INPUT when the address has no place for an id
 */
export async function surveyHttp(template: string, ids: readonly string[]): Promise<Candidate | null> {
  const fault = templateFault(template);
  if (fault !== null) throw new LockstepError("INVALID_INPUT", `the address of the endpoint ${fault}`);
  const texts: string[] = [];
  for (const id of ids.slice(0, ASKED_MAX)) {
    const url = addressOf(template, id);
    const text = url === null ? null : await textOf(url);
    if (text !== null) texts.push(text);
  }
  const found = readDocuments(texts);
  if (found === null) return null;
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

async function textOf(url: URL): Promise<string | null> {
  try {
    const { request } = await import("undici");
    const { statusCode, body } = await request(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    const text = await body.text();
    return statusCode === 200 ? text : null;
  } catch {
    // What it does not answer to tells nothing about its words.
    return null;
  }
}
