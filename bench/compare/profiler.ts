import { writeFileSync } from "node:fs";
import { Session } from "node:inspector";

const SAMPLE_EVERY_MICROS = 200;

/**
 * Samples the functions that this thread runs.
 * @returns a function that stops and writes a profile that Chrome's developer tools can open
 */
export function startCpuProfile(file: string): () => void {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.setSamplingInterval", { interval: SAMPLE_EVERY_MICROS });
  session.post("Profiler.start");
  return () => {
    // A session to its own thread answers before `post` returns.
    session.post("Profiler.stop", (failure, answer) => {
      if (failure) throw failure;
      writeFileSync(file, JSON.stringify(answer.profile));
    });
    session.disconnect();
  };
}
