import type { Response } from "undici";
import { z } from "zod";

const Problem = z.looseObject({
  title: z.string().catch("The server refused the request"),
  detail: z.string().nullish().catch(null),
  code: z.string().catch("HTTP"),
  request_id: z.string().nullish().catch(null),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).catch([]),
});

export type ProblemDocument = z.infer<typeof Problem>;

/** The server answered with a problem document (RFC 9457). */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: ProblemDocument;
  readonly retryAfterSeconds: number | null;

  constructor(status: number, problem: ProblemDocument, retryAfterSeconds: number | null) {
    super(problem.detail ?? problem.title);
    this.name = "ApiError";
    this.status = status;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Nobody answered, or the connection was lost. */
export class ConnectionError extends Error {
  readonly url: string;
  /** Such as ECONNREFUSED; null when the system gave no code. */
  readonly systemCode: string | null;

  constructor(url: string, cause: unknown) {
    super(connectionFailure(cause), { cause });
    this.name = "ConnectionError";
    this.url = url;
    this.systemCode = systemCode(cause);
  }
}

/** The address answered, but it is not a Lockstep API. */
export class NotLockstepError extends Error {
  readonly url: string;
  constructor(url: string, response: Response) {
    const type = response.headers.get("content-type") ?? "no content type";
    super(`it answered ${response.status} with ${type} where JSON was expected`);
    this.name = "NotLockstepError";
    this.url = url;
  }
}

export async function apiErrorFrom(response: Response, url: string): Promise<ApiError | NotLockstepError> {
  const body: unknown = await response.json().catch(() => null);
  const problem = Problem.safeParse(body);
  if (!problem.success) return new NotLockstepError(url, response);
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new ApiError(response.status, problem.data, Number.isFinite(retryAfter) ? retryAfter : null);
}

function systemCode(error: unknown): string | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if ("code" in cause && typeof cause.code === "string" && cause.code !== "") return cause.code;
    if (cause instanceof AggregateError) return systemCode(cause.errors[0]);
  }
  return null;
}

function connectionFailure(error: unknown): string {
  const code = systemCode(error);
  if (code === "ECONNREFUSED") return "nothing listens on that address";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "the host name cannot be resolved";
  if (code === "ECONNRESET" || code === "UND_ERR_SOCKET") return "the connection was lost";
  return code ?? deepestMessage(error) ?? "the connection failed";
}

/** The error of `fetch` says only that it failed; its innermost cause says why. */
function deepestMessage(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  return (error.cause === error ? null : deepestMessage(error.cause)) ?? error.message;
}
