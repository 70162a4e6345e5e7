/** An entry of a tar file made by hand. Fields that are not given get correct values. */
export interface TarEntry {
  readonly name: string;
  readonly content?: string | Buffer;
  /**
   * `0` file, `1` hard link, `2` symbolic link, `3` character device, `4` block device, `5` folder,
   * `6` pipe.
   */
  readonly type?: string;
  readonly linkTo?: string;
  /** The content size that the header claims. */
  readonly declaredBytes?: number;
}

/** Writes a tar file, also one that no tar program would write. */
export function makeTar(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const content = Buffer.from(entry.content ?? "");
    return [header(entry, content), content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function header(entry: TarEntry, content: Buffer): Buffer {
  const block = Buffer.alloc(512);
  block.write(entry.name, 0, 100);
  block.write("0000644\0", 100);
  block.write("0000000\0", 108);
  block.write("0000000\0", 116);
  block.write(`${(entry.declaredBytes ?? content.length).toString(8).padStart(11, "0")}\0`, 124);
  block.write("00000000000\0", 136);
  block.write("        ", 148);
  block.write(entry.type ?? "0", 156);
  block.write(entry.linkTo ?? "", 157, 100);
  block.write("ustar\0" + "00", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
