import { Button, SegmentedControl } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { ApiProblem } from "../api/problem.js";
import { useLedgerReachable } from "../live/health.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { CentreOnLigand } from "./centre-on-ligand.js";
import { Field, type FieldProps } from "./field.js";
import { Library, libraryOf } from "./library.js";
import { type Alternatives, hintsOf } from "./one-of.js";
import { type Draft, type Schema, toInput } from "./schema.js";
import { useSubmit } from "./use-submit.js";

const Molecule = lazy(() => import("./molecule.js"));

interface SubmitFormProps {
  readonly kind: string;
  readonly schema: Schema;
  readonly start: Draft;
}

export function SubmitForm({ kind, schema, start }: SubmitFormProps) {
  const [draft, setDraft] = useState(start);
  const hints = hintsOf(kind);
  const [chosen, setChosen] = useState(() => firstChoice(hints.alternatives, start));
  const submit = useSubmit(kind);
  const [given, setGiven] = useState<Readonly<Record<string, File>>>({});
  const ligand = chosen === "ligand" ? given["/ligand"] : undefined;
  const set = (pointer: string, value: unknown) => setDraft((before) => ({ ...before, [pointer]: value }));
  const shared: Omit<FieldsProps, "names"> = {
    schema,
    draft,
    faults: submit.error instanceof ApiProblem ? submit.error.faults : [],
    files: hints.files,
    chosen,
    onChange: set,
    onFile: (pointer, file) => {
      setGiven((before) => ({ ...before, [pointer]: file }));
      // Of another file these bytes are another part.
      if (pointer === "/ligand") setDraft(withoutPart);
    },
    extras: {
      "/box":
        kind === "docking" ? <CentreOnLigand ligand={ligand} draft={draft} onChange={setDraft} /> : null,
      "/smiles": <Drawing smiles={draft["/smiles"]} />,
    },
  };
  const { before, after, rare, hidden } = arranged(schema, hints, chosen);
  const isLibrary = chosen === hints.alternatives?.library;
  return (
    <form
      className="panel panel-body stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const visible = Object.entries(draft).filter(([at]) => !hidden.includes(at.split("/")[1] ?? ""));
        const input = toInput(schema, Object.fromEntries(visible));
        submit.mutate({ input, library: isLibrary ? libraryOf(draft) : null });
      }}
    >
      <Fields {...shared} names={before} />
      {hints.alternatives ? (
        <Choice alternatives={hints.alternatives} chosen={chosen} onChange={setChosen} />
      ) : null}
      {isLibrary ? <Library draft={draft} onChange={set} /> : null}
      <Fields {...shared} names={after} />
      {rare.length > 0 ? (
        <details>
          <summary>More settings</summary>
          <div className="stack rare">
            <Fields {...shared} names={rare} />
          </div>
        </details>
      ) : null}
      {submit.error ? <ProblemPanel error={submit.error} /> : null}
      <SubmitButton
        label={isLibrary ? `Submit a batch of ${kind} jobs` : `Submit ${kind}`}
        pending={submit.isPending}
      />
    </form>
  );
}

function SubmitButton({ label, pending }: { label: string; pending: boolean }) {
  const reachable = useLedgerReachable();
  return (
    <div className="row">
      <Button type="submit" size="sm" disabled={!reachable || pending}>
        {pending ? "Submitting..." : label}
      </Button>
      {reachable ? null : <span className="dim">Nothing can be submitted while the database is away.</span>}
    </div>
  );
}

interface ChoiceProps {
  readonly alternatives: Alternatives;
  readonly chosen: string;
  onChange(chosen: string): void;
}

function Choice({ alternatives: { label, options }, chosen, onChange }: ChoiceProps) {
  return (
    <div className="field">
      <span className="label">{label}</span>
      <SegmentedControl
        aria-label={label}
        value={chosen}
        onChange={onChange}
        data={options.map((option) => ({ value: option.name, label: option.label }))}
      />
    </div>
  );
}

function firstChoice(alternatives: Alternatives | undefined, start: Draft): string {
  const options = alternatives?.options ?? [];
  return options.find(({ name }) => start[`/${name}`] !== undefined)?.name ?? options[0]?.name ?? "";
}

/** The members of an input around the choice between several, without those that belong to what was not chosen. */
function arranged(schema: Schema, { alternatives, rare }: ReturnType<typeof hintsOf>, chosen: string) {
  const options = alternatives?.options ?? [];
  const all = Object.keys(schema.properties ?? {});
  const kept = options.find(({ name }) => name === chosen)?.fields ?? [];
  const hidden = options.flatMap(({ fields }) => fields).filter((name) => !kept.includes(name));
  const shown = all.filter((name) => !hidden.includes(name));
  const choices = new Set(options.map(({ name }) => name));
  const choiceAt = all.findIndex((name) => choices.has(name));
  const isBefore = (name: string) => all.indexOf(name) < choiceAt;
  const usual = shown.filter((name) => !rare.includes(name));
  return {
    before: usual.filter(isBefore),
    after: usual.filter((name) => !isBefore(name)),
    rare: shown.filter((name) => rare.includes(name)),
    hidden,
  };
}

function withoutPart(draft: Draft): Draft {
  return Object.fromEntries(Object.entries(draft).filter(([at]) => !at.startsWith("/ligand_part/")));
}

function Drawing({ smiles }: { smiles: unknown }) {
  return typeof smiles === "string" ? (
    <Suspense fallback={null}>
      <Molecule smiles={smiles} />
    </Suspense>
  ) : null;
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
