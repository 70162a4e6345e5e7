import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";
import { type Bucket, openBucket } from "../../src/artifacts/index.js";

export interface S3Server {
  readonly endpoint: string;
  /** The URL of a bucket, with a prefix. */
  bucket(prefix?: string): Bucket;
  close(): Promise<void>;
}

/** A server that speaks S3. It knows one user, and checks the access key but not the signature. */
export async function startS3(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), "lockstep-s3-"));
  const server = new S3rver({
    port: 0,
    address: "127.0.0.1",
    silent: true,
    directory,
    configureBuckets: [{ name: "lockstep-test", configs: [] }],
  });
  const { port } = (await server.run()) as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    bucket: (prefix = "here/and there") =>
      openBucket({ ...S3_USER, endpoint, address: `s3://lockstep-test/${prefix}` }),
    async close() {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export const S3_USER = { region: "us-east-1", accessKeyId: "S3RVER", secretAccessKey: "S3RVER" } as const;
