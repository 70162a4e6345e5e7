import { useQuery } from "@tanstack/react-query";
import { artifactsQuery } from "../api/queries.js";
import { Ago } from "../clock/time.js";
import type { KnownJob } from "../live/version-store.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { bytesText } from "../text/bytes.js";
import { plainText } from "../text/plain-text.js";
import { artifactUrl } from "./artifact-url.js";

/** The files of the latest attempt. */
export function ArtifactsTab({ job }: { job: KnownJob }) {
  const { data, error, refetch } = useQuery(artifactsQuery(job.id));
  if (!data) return error ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : null;
  if (data.artifacts.length === 0) return <p className="dim">Attempt {data.attempt} left no files.</p>;
  return (
    <div className="scroll-x">
      <table className="table">
        <thead>
          <tr>
            <th>File</th>
            <th className="right">Size</th>
            <th>Type</th>
            <th>Created</th>
            <th>SHA-256</th>
          </tr>
        </thead>
        <tbody>
          {data.artifacts.map(({ name, bytes, media_type, created_at, sha256 }) => (
            <tr key={name}>
              <td>
                <a href={artifactUrl(job.id, name)} download>
                  {plainText(name)}
                </a>
              </td>
              <td className="right">{bytesText(bytes)}</td>
              <td>{plainText(media_type)}</td>
              <td>
                <Ago at={created_at} />
              </td>
              <td className="mono dim" title={sha256}>
                {sha256.slice(0, 16)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
