/**
 * A process that tries to take the lock at argv[2] on every "take" message, and releases it on
 * "release".
 */
import { createInterface } from "node:readline";
import { acquireFileLock, type FileLock } from "../../src/file-lock/index.js";

const path = process.argv[2] as string;
let lock: FileLock | null = null;

process.stdout.write("ready\n");
for await (const order of createInterface({ input: process.stdin })) {
  if (order === "take") {
    const answer = await acquireFileLock(path);
    if (answer.held) lock = answer;
    process.stdout.write(answer.held ? "held\n" : `refused ${answer.pid}\n`);
  } else {
    await lock?.release();
    process.stdout.write("released\n");
  }
}
