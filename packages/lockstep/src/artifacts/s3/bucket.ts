import { openAsBlob } from "node:fs";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { AwsClient } from "aws4fetch";
import { LockstepError } from "../../errors.js";

const RETRIES_MAX = 3;
const REQUEST_MS_MAX = 300_000;

export interface BucketOptions {
  /** Such as `s3://bucket/prefix`. */
  readonly address: string;
  /** Such as `https://s3.eu-central-1.amazonaws.com` or `http://127.0.0.1:9000`. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** For temporary credentials. */
  readonly sessionToken?: string | null;
}

/** The content to put: a file, or a short content in memory. */
export type BucketContent =
  | { readonly path: string; readonly sha256: string }
  | { readonly bytes: Uint8Array };

/**
 * The few S3 operations that are used here. This program composes every name, under the address's
 * prefix.
 */
export interface Bucket {
  /** The place, for people, without secrets. */
  readonly address: string;
  /**
   * Writes one object completely or not at all; the server checks its hash. Replaces an existing
   * one.
   */
  put(key: string, content: BucketContent): Promise<void>;
  /** @returns null when there is no such object, or it ends before the range begins */
  get(key: string, range?: { readonly start: number; readonly end: number }): Promise<Readable | null>;
  /** All objects under a prefix, in the order of keys. */
  list(prefix: string): AsyncGenerator<BucketEntry>;
  remove(key: string): Promise<void>;
}

export interface BucketEntry {
  readonly key: string;
  readonly modifiedMs: number;
}

/**
 * Opens a bucket in S3 or in a server that speaks its protocol. Sends no request before the first
 * use.
 */
export function openBucket(options: BucketOptions): Bucket {
  const { hostname: bucket, pathname } = new URL(options.address);
  const prefix = decodeURIComponent(pathname).replace(/^\/+|\/+$/g, "");
  const root = `${options.endpoint.replace(/\/+$/, "")}/${bucket}`;
  const { accessKeyId, secretAccessKey, region, sessionToken } = options;
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
  let opened: Promise<AwsClient> | null = null;
  const client = () => {
    opened ??= openClient({ ...credentials, region, service: "s3", retries: RETRIES_MAX });
    return opened;
  };
  const keyOf = (key: string) => (prefix === "" ? key : `${prefix}/${key}`);
  const urlOf = (key: string) => `${root}/${keyOf(key).split("/").map(encodeURIComponent).join("/")}`;
  const call = async (url: string, init: RequestInit) => ask(await client(), url, init);

  return {
    address: options.address,
    async put(key, content) {
      const isFile = "path" in content;
      const body = isFile ? await openAsBlob(content.path) : new Blob([new Uint8Array(content.bytes)]);
      const headers: Record<string, string> = isFile ? { "x-amz-content-sha256": content.sha256 } : {};
      await expectOk(await call(urlOf(key), { method: "PUT", body, headers }), "PUT");
    },
    async get(key, range) {
      const headers: Record<string, string> = range ? { range: `bytes=${range.start}-${range.end}` } : {};
      const response = await call(urlOf(key), { headers });
      if (response.status === 404 || response.status === 416) {
        await response.body?.cancel();
        return null;
      }
      await expectOk(response, "GET", { keepBody: true });
      return response.body ? Readable.fromWeb(response.body as ReadableStream) : Readable.from([]);
    },
    async *list(under) {
      const query = new URLSearchParams({ "list-type": "2", prefix: keyOf(under) });
      for (let token: string | null = ""; token !== null; ) {
        if (token !== "") query.set("continuation-token", token);
        const response = await call(`${root}?${query}`, {});
        await expectOk(response, "LIST", { keepBody: true });
        const page = readListing(await response.text());
        for (const entry of page.entries)
          yield { ...entry, key: prefix === "" ? entry.key : entry.key.slice(prefix.length + 1) };
        token = page.next;
      }
    },
    async remove(key) {
      const response = await call(urlOf(key), { method: "DELETE" });
      if (response.status === 404) return void (await response.body?.cancel());
      await expectOk(response, "DELETE");
    },
  };
}

async function openClient(options: ConstructorParameters<typeof AwsClient>[0]): Promise<AwsClient> {
  try {
    return new (await import("aws4fetch")).AwsClient(options);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new LockstepError(
      "INVALID_CONFIG",
      "Files are kept in a bucket, and the library that signs the requests is not installed. Run: npm install aws4fetch",
      { cause },
    );
  }
}

async function ask(client: AwsClient, url: string, init: RequestInit): Promise<Response> {
  return await client
    .fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_MS_MAX) })
    .catch((cause: unknown) => {
      throw new LockstepError("STORE_UNAVAILABLE", "The object store does not answer.", {
        cause,
        retryAfterSeconds: 5,
      });
    });
}

async function expectOk(response: Response, what: string, { keepBody } = { keepBody: false }): Promise<void> {
  if (response.ok && keepBody) return;
  const text = await response.text();
  if (response.ok) return;
  const code = /<Code>([A-Za-z0-9]{1,60})<\/Code>/.exec(text)?.[1] ?? "no code";
  throw new LockstepError(
    "STORE_UNAVAILABLE",
    `The object store answered ${response.status} (${code}) to ${what}.`,
    {
      retryAfterSeconds: 5,
    },
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * Reads the three needed parts of a listing (ListObjectsV2): XML whose elements have no attributes
 * here.
 */
function readListing(xml: string): {
  readonly entries: readonly BucketEntry[];
  readonly next: string | null;
} {
  const entries = [...xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)].map(([, object = ""]) => ({
    key: member(object, "Key") ?? "",
    modifiedMs: Date.parse(member(object, "LastModified") ?? ""),
  }));
  const isCut = member(xml.replace(/<Contents>[\s\S]*<\/Contents>/, ""), "IsTruncated") === "true";
  return { entries, next: isCut ? member(xml, "NextContinuationToken") : null };
}

function member(xml: string, name: string): string | null {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return (
    text?.replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (whole, dec, hex, word: string) =>
      dec
        ? String.fromCodePoint(Number(dec))
        : hex
          ? String.fromCodePoint(Number.parseInt(hex, 16))
          : (ENTITIES[word] ?? whole),
    ) ?? null
  );
}
