import { Button, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { ApiProblem } from "../api/problem.js";
import type { Alternatives, KindForm } from "../kinds/kind-page.js";
import { kindPage } from "../kinds/registry.js";
import { useLedgerReachable } from "../live/health.js";
import { ProblemPanel } from "../problem/problem-panel.js";
import { Field, type FieldProps } from "./field.js";
import { Library, libraryOf } from "./library.js";
import { type Draft, hasMembers, type Schema, toInput, WHOLE } from "./schema.js";
import { useSubmit } from "./use-submit.js";

interface SubmitFormProps {
  readonly kind: string;
  readonly schema: Schema;
  readonly start: Draft;
}

export function SubmitForm({ kind, schema, start }: SubmitFormProps) {
  const [draft, setDraft] = useState(start);
  const { form = {}, names = {} } = kindPage(kind);
  const { alternatives } = form;
  const [chosen, setChosen] = useState(() => firstChoice(alternatives, start));
  const submit = useSubmit(kind);
  const [given, setGiven] = useState<Readonly<Record<string, File>>>({});
  const set = (pointer: string, value: unknown) => setDraft((before) => ({ ...before, [pointer]: value }));
  const shared: Omit<FieldsProps, "members"> = {
    schema,
    draft,
    issues: submit.error instanceof ApiProblem ? submit.error.issues : [],
    files: form.files ?? [],
    names,
    chosen,
    onChange: set,
    onFile: (pointer, file) => {
      setGiven((before) => ({ ...before, [pointer]: file }));
      setDraft((before) => form.fileGiven?.(before, pointer) ?? before);
    },
    extras: Object.fromEntries(
      Object.entries(form.extras ?? {}).map(([at, Extra]) => [
        at,
        <Extra key={at} draft={draft} chosen={chosen} given={given} onChange={setDraft} />,
      ]),
    ),
  };
  const { before, after, rare, hidden } = arranged(schema, form, chosen);
  const library = alternatives?.library?.name === chosen ? alternatives.library : null;
  return (
    <form
      className="panel panel-body stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const visible = Object.entries(draft).filter(([at]) => !hidden.includes(at.split("/")[1] ?? ""));
        const input = toInput(schema, Object.fromEntries(visible));
        submit.mutate({ input, library: library ? libraryOf(draft) : null });
      }}
    >
      {hasMembers(schema) ? null : (
        <Field {...shared} name="input" pointer={WHOLE} schema={{}} required={false} />
      )}
      <Fields {...shared} members={before} />
      {alternatives ? <Choice alternatives={alternatives} chosen={chosen} onChange={setChosen} /> : null}
      {library ? <Library hint={library.hint} draft={draft} onChange={set} /> : null}
      <Fields {...shared} members={after} />
      {rare.length > 0 ? (
        <details>
          <summary>More settings</summary>
          <div className="stack rare">
            <Fields {...shared} members={rare} />
          </div>
        </details>
      ) : null}
      {submit.error ? <ProblemPanel error={submit.error} /> : null}
      <SubmitButton
        label={library ? `Submit a batch of ${kind} jobs` : `Submit ${kind}`}
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
      {reachable ? null : (
        <span className="dim">Nothing can be submitted while the database is unreachable.</span>
      )}
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

/**
 * The members of an input before and after the alternatives, without those of the options that were
 * not chosen.
 */
function arranged(schema: Schema, { alternatives, rare = [] }: KindForm, chosen: string) {
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

interface FieldsProps
  extends Pick<FieldProps, "draft" | "issues" | "files" | "names" | "onChange" | "onFile" | "extras"> {
  readonly members: readonly string[];
  readonly schema: Schema;
  /** The member of the chosen option, which is then required. */
  readonly chosen: string;
}

function Fields({ members, schema, chosen, ...rest }: FieldsProps) {
  return members.map((name) => (
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
