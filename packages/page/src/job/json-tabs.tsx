import type { KnownJob } from "../live/version-store.js";
import { plainText } from "../text/plain-text.js";
import { CopyButton } from "./copy-button.js";

/** Above this size a browser becomes slow; the whole text can be downloaded. */
const CHARACTERS_MAX = 500_000;

export function InputTab({ job }: { job: KnownJob }) {
  if (job.whole?.input === undefined)
    return (
      <p className="dim">The input is not part of a cached answer; it appears when the database is back.</p>
    );
  return <Json value={job.whole.input} name="input" id={job.id} />;
}

export function OutputTab({ job }: { job: KnownJob }) {
  if (job.status !== "completed")
    return <p className="dim">There is no output: the job has not completed.</p>;
  if (job.whole?.output_omitted)
    return (
      <p className="dim">The output is too large for the cache; it appears when the database is back.</p>
    );
  if (job.whole?.status !== "completed") return <p className="dim">The output is being read.</p>;
  return <Json value={job.whole.output ?? null} name="output" id={job.id} />;
}

export function RawTab({ job }: { job: KnownJob }) {
  const { whole, ...row } = job;
  return <Json value={whole ?? row} name="job" id={job.id} />;
}

function Json({ value, name, id }: { value: unknown; name: string; id: string }) {
  const text = JSON.stringify(value, null, 2);
  const cut = text.length > CHARACTERS_MAX;
  return (
    <div className="stack">
      <div className="row">
        <CopyButton text={text} label={`Copy the ${name}`} />
        <a href={`/api/jobs/${id}`} target="_blank" rel="noreferrer">
          As the API returns it
        </a>
        {cut ? (
          <span className="dim">The first {CHARACTERS_MAX.toLocaleString("en")} characters.</span>
        ) : null}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className="code" tabIndex={0}>
        {plainText(cut ? text.slice(0, CHARACTERS_MAX) : text)}
      </pre>
    </div>
  );
}
