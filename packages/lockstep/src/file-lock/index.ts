/**
 * A lock on a path that one process holds at a time.
 *
 * The lock is a small file that names its holder: process id, the time that process started (a pid
 * is reused, a pid with its start time is not), the pid namespace and a nonce. It appears complete,
 * through a hard link from a draft, so nobody reads half of it. The holder removes it. A holder
 * that was killed leaves it, and the next process that wants the lock sees that the holder is gone.
 *
 * If two processes take over one dead lock, each must first hold `<lock>.after-<nonce of the dead
 * one>`, taken in the same way, and then find the dead nonce still in place. So one of them
 * replaces the lock and the other finds a live one. A process that is killed in between leaves that
 * inner lock, which is then dead itself and is taken over in the same way.
 *
 * Processes in different containers cannot see each other's pids. In that case the holder's clock
 * decides: the holder touches the file every 10 s, and a file that was not touched for a minute is
 * dead. This is the only guess in this module.
 */
export { acquireFileLock, type FileLock, type LockedBy } from "./file-lock.js";
