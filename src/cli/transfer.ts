import { createWriteStream, openAsBlob } from "node:fs";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { FormData } from "undici";
import type { ApiClient } from "./client/api-client.js";

/** Uploads a file of this machine. @returns its id */
export async function upload(client: ApiClient, path: string): Promise<string> {
  const form = new FormData();
  form.set("file", await openAsBlob(path), basename(path));
  return (await client.post<{ id: string }>("/api/files", { form })).id;
}

/** Writes what an address of the API answers into a file. */
export async function download(client: ApiClient, path: string, file: string): Promise<void> {
  const { body } = await client.open(path);
  await pipeline(body === null ? Readable.from([]) : Readable.fromWeb(body), createWriteStream(file));
}
