/**
 * A disk that fails on command: what the system calls for files would answer. Affects only files
 * opened by node:fs/promises.
 */
import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";

/**
 * @param orders a file that contains ENOSPC, EIO, or nothing. @returns whether the disk accepts
 *   writes now, including the kernel's limit for files
 */
export async function breakableDisk(orders) {
  const ordered = () => {
    try {
      return readFileSync(orders, "utf8");
    } catch {
      return "";
    }
  };
  const failure = (code) => Object.assign(new Error(`${code}: as ordered`), { code });
  const handle = await open(process.execPath);
  const files = Object.getPrototypeOf(handle);
  await handle.close();
  const { appendFile, sync } = files;
  files.appendFile = async function (bytes, ...rest) {
    if (ordered() !== "ENOSPC") return await appendFile.call(this, bytes, ...rest);
    await appendFile.call(this, bytes.subarray(0, bytes.length >> 1), ...rest);
    throw failure("ENOSPC");
  };
  files.sync = async function () {
    if (ordered() === "EIO") throw failure("EIO");
    return await sync.call(this);
  };
  return () =>
    ordered() === "" && /^Max file size\s+unlimited/m.test(readFileSync("/proc/self/limits", "utf8"));
}
