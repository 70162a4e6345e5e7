import { Agent, type FormData, fetch, type Response } from "undici";
import { ApiError, apiErrorFrom, ConnectionError, NotLockstepError } from "./api-error.js";

export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export interface RequestOptions {
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as multipart/form-data, instead of a body. */
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

// The server holds a response for at most 60 s, and an event stream never stays silent for long.
const ANSWER_MS_MAX = 90_000;
const CONNECT_MS_MAX = 10_000;

/** Calls the HTTP API. Every call throws ApiError, ConnectionError or NotLockstepError. */
export interface ApiClient {
  readonly url: string;
  get<Answer>(path: string, options?: RequestOptions): Promise<Answer>;
  post<Answer>(path: string, options?: RequestOptions): Promise<Answer>;
  put<Answer>(path: string, options?: RequestOptions): Promise<Answer>;
  delete<Answer>(path: string, options?: RequestOptions): Promise<Answer>;
  /** Returns the response with its body unread: for a file or an event stream. */
  open(path: string, options?: RequestOptions): Promise<Response>;
}

/** @param token the API key; null sends none */
export function createApiClient(url: string, token: string | null): ApiClient {
  const dispatcher = new Agent({
    headersTimeout: ANSWER_MS_MAX,
    bodyTimeout: ANSWER_MS_MAX,
    connect: { timeout: CONNECT_MS_MAX },
  });
  async function send(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const response = await fetch(`${url}${path}${queryText(options.query ?? {})}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...contentType(options.body),
        ...options.headers,
      },
      body: options.form ?? (options.body === undefined ? null : JSON.stringify(options.body)),
      dispatcher,
      redirect: "error",
      signal: options.signal ?? null,
    }).catch((cause: unknown) => {
      throw options.signal?.aborted ? cause : new ConnectionError(url, cause);
    });
    if (!response.ok) throw await apiErrorFrom(response, url);
    return response;
  }
  async function call<Answer>(method: string, path: string, options?: RequestOptions): Promise<Answer> {
    const response = await send(method, path, options);
    if (response.status === 204) return null as Answer;
    if (!/\bjson\b/.test(response.headers.get("content-type") ?? ""))
      throw new NotLockstepError(url, response);
    return (await response.json().catch((cause: unknown) => {
      throw options?.signal?.aborted ? cause : new ConnectionError(url, cause);
    })) as Answer;
  }
  return {
    url,
    get: (path, options) => call("GET", path, options),
    post: (path, options) => call("POST", path, options),
    put: (path, options) => call("PUT", path, options),
    delete: (path, options) => call("DELETE", path, options),
    open: (path, options) => send("GET", path, options),
  };
}

function contentType(body: unknown): Record<string, string> {
  return body === undefined ? {} : { "content-type": "application/json" };
}

function queryText(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined)
      for (const each of Array.isArray(value) ? value : [value]) parameters.append(name, String(each));
  }
  return parameters.size === 0 ? "" : `?${parameters}`;
}

/**
 * Whether the same call may succeed later: nobody answered, or the server reported a temporary
 * error.
 */
export function isPassing(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof ApiError && error.status === 503);
}
