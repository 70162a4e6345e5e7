import { constants, createWriteStream, openAsBlob } from "node:fs";
import { access } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { FormData } from "undici";
import type { ApiClient } from "./client/api-client.js";
import { UsageError } from "./usage-error.js";

/** Uploads a local file. @returns its id @throws UsageError when it cannot be read */
export async function upload(client: ApiClient, path: string): Promise<string> {
  const form = new FormData();
  await access(path, constants.R_OK).catch((error: Error) => {
    throw new UsageError(`${path} cannot be read: ${error.message}`);
  });
  form.set("file", await openAsBlob(path), basename(path));
  return (await client.post<{ id: string }>("/api/files", { form })).id;
}

/** Writes the response of an API path to a file. */
export async function download(client: ApiClient, path: string, file: string): Promise<void> {
  const { body } = await client.open(path);
  await pipeline(body === null ? Readable.from([]) : Readable.fromWeb(body), createWriteStream(file));
}
