/**
 * The scan: an ordinary job without special rights. It reads untrusted files, so:
 *
 * - Nothing of the scanned tree is executed or obeyed: not its code, not the configuration and
 *   plugins of its linters, not its comments that disable rules. Symbolic links are never followed.
 * - Parsers and regular expressions run in separate processes, with a time limit for each file. A
 *   file that crashes or hangs a process is skipped; nothing else is lost.
 * - A fetched target is limited in bytes, files and time. It is stored in a private folder that is
 *   always removed; a folder left by a killed process is removed by the next one.
 * - A secret that was found leaves the scan only masked.
 *
 * A crash at any point loses the attempt and nothing else: the scan writes only its own artifact.
 */
export { scan } from "./workload.js";
