/**
 * Docking: an ordinary job that runs AutoDock Vina and Open Babel. Its input is untrusted, so:
 *
 * - No input becomes a path or a word of a shell command: files are written under fixed names into
 *   a private folder, and the programs are started with argument lists.
 * - Every program runs in its own process group, with limits on time, memory and output. A cancel
 *   kills it at once, and where the system supports it, so does the death of the worker.
 * - The folder is always removed; a folder left by a killed worker is removed by the next one.
 *
 * The same input with the same seed gives the same scores, from SMILES too: OpenChemLib computes
 * the molecule's coordinates from a fixed seed, because Open Babel's own builder seeds its random
 * numbers from the clock.
 *
 * A crash at any point loses the attempt and nothing else: artifacts are written last, into the
 * attempt's own folder.
 */
export { docking } from "./workload.js";
