import { buffer } from "node:stream/consumers";
import type { Bucket } from "../artifacts/index.js";
import { type ArchiveSink, FILE_NAME } from "./sink.js";

/** Stores archive files in a bucket, where every server can read them. */
export function createS3Sink(bucket: Bucket): ArchiveSink {
  return {
    store: bucket.address,
    write: (name, content) => bucket.put(checked(name), { bytes: content }),
    async read(name, offset, bytes) {
      const stream = await bucket.get(checked(name), { start: offset, end: offset + bytes - 1 });
      if (stream === null) return null;
      const content = await buffer(stream);
      return content.byteLength === bytes ? content : null;
    },
  };
}

/** The names come from the ledger, where a person may have written one by hand. */
function checked(name: string): string {
  if (!FILE_NAME.test(name)) throw new RangeError(`not the name of an archive file: ${JSON.stringify(name)}`);
  return name;
}
