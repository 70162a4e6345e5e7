/**
 * Docking: an ordinary job that runs AutoDock Vina and Open Babel. What it is given was written by strangers, so:
 *
 * - No input becomes a path or a word of a shell: files are written under names of our own into a private folder, and the
 *   programs are started with lists of arguments.
 * - Every program runs in a process group of its own, with limits on time, memory and output; a cancel kills it at once, and
 *   where the system can, so does the death of the worker.
 * - The folder is removed in every case; one left by a worker that was killed is removed by the next.
 *
 * The same input with the same seed gives the same scores, from SMILES too: the molecule's shape is made by OpenChemLib from a
 * fixed seed, for Open Babel's own builder draws its random numbers from the clock.
 *
 * A crash at any point loses the attempt and nothing else: artifacts are written last, into the attempt's own folder.
 */
export { docking } from "./workload.js";
