import { Button, SegmentedControl } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { api, dataOf } from "../api/client.js";
import { ApiProblem } from "../api/problem.js";
import { useLedgerReachable } from "../live/health.js";
import { versions } from "../live/live.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { CentreOnLigand } from "./centre-on-ligand.js";
import { Field, type FieldProps } from "./field.js";
import { hintsOf } from "./one-of.js";
import { type Draft, type Schema, toInput } from "./schema.js";

const Molecule = lazy(() => import("./molecule.js"));

interface SubmitFormProps {
  readonly kind: string;
  readonly schema: Schema;
  readonly start: Draft;
}

/** One key for each form that was opened: pressing the button twice makes one job. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `page-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

export function SubmitForm({ kind, schema, start }: SubmitFormProps) {
  const [draft, setDraft] = useState(start);
  const [key] = useState(newKey);
  const hints = hintsOf(kind);
  const options = hints.alternatives?.options ?? [];
  const [chosen, setChosen] = useState(
    () => options.find(({ name }) => start[`/${name}`] !== undefined)?.name ?? options[0]?.name ?? "",
  );
  const hidden = options.filter(({ name }) => name !== chosen).flatMap(({ fields }) => fields);
  const submit = useSubmit(kind, key);
  const faults = submit.error instanceof ApiProblem ? submit.error.faults : [];
  const set = (pointer: string, value: unknown) => setDraft((before) => ({ ...before, [pointer]: value }));
  const names = Object.keys(schema.properties ?? {}).filter((name) => !hidden.includes(name));
  const [given, setGiven] = useState<Readonly<Record<string, File>>>({});
  const onFile = (pointer: string, file: File) => setGiven((before) => ({ ...before, [pointer]: file }));
  const ligand = chosen === "ligand" ? given["/ligand"] : undefined;
  const extras = {
    "/box": kind === "docking" ? <CentreOnLigand ligand={ligand} draft={draft} onChange={setDraft} /> : null,
    "/smiles": <Drawing smiles={draft["/smiles"]} />,
  };
  const usual = names.filter((name) => !hints.rare.includes(name));
  const choiceAt = Math.max(0, usual.indexOf(chosen));
  const shared = { schema, draft, faults, files: hints.files, chosen, onChange: set, onFile, extras };
  const reachable = useLedgerReachable();
  return (
    <form
      className="panel panel-body stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const visible = Object.entries(draft).filter(([at]) => !hidden.includes(at.split("/")[1] ?? ""));
        submit.mutate(toInput(schema, Object.fromEntries(visible)));
      }}
    >
      <Fields {...shared} names={usual.slice(0, choiceAt)} />
      {hints.alternatives ? (
        <div className="field">
          <span className="label">{hints.alternatives.label}</span>
          <SegmentedControl
            aria-label={hints.alternatives.label}
            value={chosen}
            onChange={setChosen}
            data={options.map(({ name, label }) => ({ value: name, label }))}
          />
        </div>
      ) : null}
      <Fields {...shared} names={usual.slice(choiceAt)} />
      {hints.rare.length > 0 ? (
        <details>
          <summary>More settings</summary>
          <div className="stack rare">
            <Fields {...shared} names={names.filter((name) => hints.rare.includes(name))} />
          </div>
        </details>
      ) : null}
      {submit.error ? <ProblemPanel error={submit.error} /> : null}
      <div className="row">
        <Button type="submit" size="sm" disabled={!reachable || submit.isPending}>
          {submit.isPending ? "Submitting..." : `Submit ${kind}`}
        </Button>
        {reachable ? null : <span className="dim">Nothing can be submitted while the database is away.</span>}
      </div>
    </form>
  );
}

function Drawing({ smiles }: { smiles: unknown }) {
  return typeof smiles === "string" ? (
    <Suspense fallback={null}>
      <Molecule smiles={smiles} />
    </Suspense>
  ) : null;
}

function useSubmit(kind: string, key: string) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (input: unknown) => {
      const answer = await dataOf(
        api.POST("/api/jobs", {
          body: { kind, input },
          params: { header: { "idempotency-key": key } },
        }),
      );
      versions.seeJob(answer);
      return answer;
    },
    onSuccess: ({ id }) => navigate({ to: "/jobs/$id", params: { id } }),
  });
}

interface FieldsProps
  extends Pick<FieldProps, "draft" | "faults" | "files" | "onChange" | "onFile" | "extras"> {
  readonly names: readonly string[];
  readonly schema: Schema;
  /** The member that was chosen among several: it is needed then. */
  readonly chosen: string;
}

function Fields({ names, schema, chosen, ...rest }: FieldsProps) {
  return names.map((name) => (
    <Field
      key={name}
      {...rest}
      name={name}
      pointer={`/${name}`}
      schema={schema.properties?.[name] ?? {}}
      required={name === chosen || (schema.required?.includes(name) ?? false)}
    />
  ));
}
