import type { Agent } from "undici";

/** The status of one job is small, so a larger answer is not read to its end. */
const BODY_BYTES_MAX = 1_048_576;

/**
 * The answer of an endpoint. `why` is a short sentence without the body, which can contain
 * anything.
 */
export type HttpAnswer =
  | { readonly type: "text"; readonly text: string; readonly date: string | null }
  | { readonly type: "absent" }
  /** This answer cannot be parsed; other answers may be valid. */
  | { readonly type: "odd"; readonly why: string }
  /** No answer, or not the answer of a working endpoint. */
  | { readonly type: "failed"; readonly why: string };

export interface AskOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly absent: ReadonlySet<number>;
  readonly concurrency: number;
}

/**
 * Sends requests to one host over a few keep-alive connections. Redirects are never followed,
 * because the answer would come from another host.
 */
export class Asker {
  readonly #options: AskOptions;
  #agent: Promise<Agent> | null = null;

  constructor(options: AskOptions) {
    this.#options = options;
  }

  async ask(url: URL): Promise<HttpAnswer> {
    const { headers, timeoutMs, absent } = this.#options;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const { request } = await import("undici");
      const response = await request(url, {
        dispatcher: await this.#connections(),
        headers: { accept: "application/json", "cache-control": "no-cache", ...headers },
        signal,
      });
      const { statusCode, body } = response;
      if (absent.has(statusCode)) {
        await body.dump();
        return { type: "absent" };
      }
      if (statusCode !== 200) {
        await body.dump();
        return { type: "failed", why: meaningOf(statusCode) };
      }
      const bytes = await readUpTo(body, BODY_BYTES_MAX);
      if (bytes === null) return { type: "odd", why: "sent an answer of over 1 MB" };
      return { type: "text", text: bytes.toString("utf8"), date: firstOf(response.headers.date) };
    } catch (error) {
      const why = signal.aborted
        ? `did not answer within ${timeoutMs} ms`
        : `could not be asked (${codeOf(error)})`;
      return { type: "failed", why };
    }
  }

  async close(): Promise<void> {
    await (await this.#agent)?.destroy();
  }

  /**
   * Created for the first request, so that checks of other views do not load the client, which
   * takes 20 MB.
   */
  #connections(): Promise<Agent> {
    const { concurrency, timeoutMs } = this.#options;
    this.#agent ??= import("undici").then(
      ({ Agent }) => new Agent({ connections: concurrency, connect: { timeout: timeoutMs } }),
    );
    return this.#agent;
  }
}

async function readUpTo(body: AsyncIterable<Buffer>, bytesMax: number): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > bytesMax) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function meaningOf(statusCode: number): string {
  if (statusCode >= 300 && statusCode < 400)
    return `answers ${statusCode}, a redirect, which is not followed: use the final address`;
  if (statusCode === 401 || statusCode === 403)
    return `answers ${statusCode}: check the credentials in headers`;
  return `answers ${statusCode}`;
}

function firstOf(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

/** Only the code: the message can contain the address, and the address a token. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : error instanceof Error ? error.name : "unknown";
}
