import { type ApiDocument, documentOf } from "./api-document.js";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body, or its text when it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer is looked into freely by the tests; its form is checked against the document
  readonly body: any;
}

export interface CallOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent unchanged. */
  readonly raw?: string | Buffer | FormData;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface TestClient {
  /** Makes a request, and checks that the API's document names an answer like this. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  put(path: string, body?: unknown): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export function createClient(url: string, always: Readonly<Record<string, string>> = {}): TestClient {
  let document: Promise<ApiDocument> | null = null;
  async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { body, raw, headers, signal } = options;
    const sent = raw ?? (body === undefined ? null : JSON.stringify(body));
    const json = body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(url + path, {
      method,
      headers: { ...json, ...always, ...headers },
      body: sent,
      ...(signal ? { signal } : {}),
    });
    const text = await response.text();
    const type = response.headers.get("content-type") ?? "";
    const answer = {
      status: response.status,
      headers: response.headers,
      body: type.includes("json") && text ? JSON.parse(text) : text,
    };
    document ??= documentOf(url);
    (await document).check(method, path, answer);
    return answer;
  }
  return {
    call,
    get: (path, headers = {}) => call("GET", path, { headers }),
    put: (path, body) => call("PUT", path, { body }),
    post: (path, body, headers = {}) => call("POST", path, { body, headers }),
  };
}
