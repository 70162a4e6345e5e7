/**
 * The scan: an ordinary job, with no more rights than anybody's. It reads what strangers wrote, so:
 *
 * - Nothing of the scanned tree is executed or obeyed: not its code, its linters' configuration and plugins, nor its
 *   comments that switch rules off. Symbolic links are never followed.
 * - Parsers and regular expressions run in processes of their own, with a time limit for each file. A file that crashes
 *   or hangs one costs that file.
 * - What is fetched is bounded in bytes, files and time, and lies in a private folder that is removed in every case; a
 *   folder left by a process that was killed is removed by the next one.
 * - A secret that was found leaves the scan only masked.
 *
 * A crash at any point loses the attempt and nothing else: the scan writes to no place but its own artifact.
 */
export { scan } from "./workload.js";
