import { crc32, deflateRawSync } from "node:zlib";

/** An entry of a zip file made by hand. Fields that are not given get correct values. */
export interface ZipEntry {
  readonly name: string;
  readonly content?: string | Buffer;
  /** The unpacked content size that the headers claim. */
  readonly declaredBytes?: number;
  /** Unix file type and mode, such as 0o120777 for a symbolic link. */
  readonly mode?: number;
  readonly encrypted?: boolean;
  /** 0 stored, 8 deflated. */
  readonly method?: number;
}

/** Writes a zip file, also one that no zip program would write. */
export function makeZip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? "");
    const method = entry.method ?? 8;
    const data = method === 8 ? deflateRawSync(content) : content;
    const name = Buffer.from(entry.name);
    const shared = sharedHeader(entry, method, content, data, name);
    const local = Buffer.concat([signature(0x04034b50), shared, name, data]);
    // Comment, disk and internal attributes are zero.
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([signature(0x02014b50), Buffer.from([20, 3]), shared, tail, name]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, signature(0x06054b50), end]);
}

/**
 * The part that the local header and the central directory share: from "version needed" to "extra
 * field length".
 */
function sharedHeader(entry: ZipEntry, method: number, content: Buffer, data: Buffer, name: Buffer): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(20, 0);
  header.writeUInt16LE(0x0800 | (entry.encrypted ? 1 : 0), 2);
  header.writeUInt16LE(method, 4);
  header.writeUInt32LE(0x00210000, 6);
  header.writeUInt32LE(crc32(content), 10);
  header.writeUInt32LE(data.length, 14);
  header.writeUInt32LE(entry.declaredBytes ?? content.length, 18);
  header.writeUInt16LE(name.length, 22);
  return header;
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
