/**
 * One process holds a path.
 *
 * The lock is a small file that names its holder: process id, the time that process started (a pid is used again,
 * a pid with its start time is not), the pid namespace and a nonce. It appears whole, by a hard link from a draft,
 * so nobody reads half of it. The holder removes it. A holder that was killed leaves it, and the next taker sees
 * that the process is gone.
 *
 * Two takers of one dead lock: each must first hold `<lock>.after-<nonce of the dead one>`, taken in the same way,
 * and then find the dead nonce still in place. So one of them replaces the lock and the other finds a live one. A
 * taker killed in between leaves that inner lock, which is dead in its turn and is taken over likewise.
 *
 * Processes of different containers cannot see each other's pids. There the holder's clock decides: it touches
 * the file every 10 s, and one untouched for a minute is dead. This is the only guess in here.
 */
export { acquireFileLock, type FileLock, type LockedBy } from "./file-lock.js";
