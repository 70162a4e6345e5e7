import createClient from "openapi-fetch";
import { ApiProblem, type ProblemBody, Unreachable } from "./problem.js";
import type { components, paths } from "./schema.js";

export type Job = components["schemas"]["Job"];
export type JobSummary = components["schemas"]["JobSummary"];
export type JobStatus = Job["status"];
export type Transition = components["schemas"]["Transition"];

/** The API of the server that served this page, typed by its OpenAPI document. */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: reach });

/** Timeout of every call. A read that takes longer counts as failed. */
const CALL_MS_MAX = 30_000;

async function reach(request: Request): Promise<Response> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(CALL_MS_MAX)]);
  try {
    return await fetch(request, { signal });
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new Unreachable(error);
  }
}

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** The data of a response. @throws ApiProblem, Unreachable */
export async function dataOf<Data>(answering: Promise<Answer<Data>>): Promise<Exclude<Data, undefined>> {
  const { data, error, response } = await answering;
  if (response.ok && data !== undefined) return data as Exclude<Data, undefined>;
  throw new ApiProblem(response.status, isProblem(error) ? error : {});
}

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === "object" && body !== null && "code" in body;
}
