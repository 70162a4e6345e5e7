import type { ReactNode } from "react";
import type { Issue } from "../api/problem.js";
import { FileField } from "./file-field.js";
import { type Draft, type FieldType, fieldType, type Schema } from "./schema.js";

export interface FieldProps {
  readonly name: string;
  readonly pointer: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly draft: Draft;
  readonly issues: readonly Issue[];
  /** Members that name an uploaded file. */
  readonly files: readonly string[];
  /** Labels of members that differ from the words of their names. */
  readonly names: Readonly<Record<string, string>>;
  onChange(pointer: string, value: unknown): void;
  onFile(pointer: string, file: File): void;
  /** Extra content of a group, by its pointer. */
  readonly extras: Readonly<Record<string, ReactNode>>;
}

/** One member of an input, with a control that fits its schema. */
export function Field(props: FieldProps) {
  const { name, names, pointer, schema, required, files } = props;
  const type = fieldType(schema);
  if (type === "group")
    return (
      <fieldset className="group">
        <legend>{names[name] ?? label(name)}</legend>
        {schema.description ? <p className="dim">{schema.description}</p> : null}
        {props.extras[pointer]}
        <div className="fields-inline">
          {Object.entries(schema.properties ?? {}).map(([inner, part]) => (
            <Field
              key={inner}
              {...props}
              name={inner}
              pointer={`${pointer}/${inner}`}
              schema={part}
              required={schema.required?.includes(inner) ?? false}
            />
          ))}
        </div>
      </fieldset>
    );
  const issue = props.issues.find((one) => one.pointer === `/input${pointer}`);
  const id = `field${pointer.replaceAll("/", "-")}`;
  return (
    <div className="field">
      <label htmlFor={id}>
        {names[name] ?? label(name)}
        {required ? null : <span className="dim"> optional</span>}
      </label>
      {files.includes(name) ? (
        <FileField
          id={id}
          value={props.draft[pointer]}
          onChange={(value) => props.onChange(pointer, value)}
          onFile={(file) => props.onFile(pointer, file)}
        />
      ) : (
        <Control {...props} id={id} type={type} invalid={issue !== undefined} />
      )}
      {issue ? (
        <p className="field-fault" id={`${id}-fault`} role="alert">
          {issue.detail}
        </p>
      ) : null}
      {schema.description ? <p className="hint">{hintOf(schema.description)}</p> : null}
      {props.extras[pointer]}
    </div>
  );
}

interface ControlProps extends FieldProps {
  readonly id: string;
  readonly type: FieldType;
  readonly invalid: boolean;
}

function Control({ id, type, pointer, schema, draft, invalid, onChange }: ControlProps) {
  const value = draft[pointer];
  const text = typeof value === "string" ? value : "";
  const common = { id, "aria-invalid": invalid, "aria-describedby": invalid ? `${id}-fault` : undefined };
  const set = (next: unknown) => onChange(pointer, next);
  const fallback = schema.default === undefined ? "" : String(schema.default);
  switch (type) {
    case "switch":
      return (
        <input
          {...common}
          type="checkbox"
          checked={value === undefined ? schema.default === true : value === true}
          onChange={(event) => set(event.currentTarget.checked)}
        />
      );
    case "choice":
      return (
        <select
          {...common}
          className="input"
          value={text}
          onChange={(event) => set(event.currentTarget.value)}
        >
          <option value="">{fallback ? `${fallback} (default)` : "not set"}</option>
          {schema.enum?.map((one) => (
            <option key={String(one)}>{String(one)}</option>
          ))}
        </select>
      );
    case "choices":
      return <Choices schema={schema} value={value} onChange={set} />;
    case "lines":
    case "json":
      return (
        <textarea
          {...common}
          className="input mono"
          rows={type === "json" ? 5 : 2}
          value={text}
          placeholder={type === "lines" ? "one per line" : "JSON"}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    default:
      return (
        <input
          {...common}
          className="input"
          inputMode={type === "number" ? "decimal" : "text"}
          maxLength={schema.maxLength}
          placeholder={fallback}
          value={text}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
  }
}

function Choices({
  schema,
  value,
  onChange,
}: {
  schema: Schema;
  value: unknown;
  onChange(next: unknown): void;
}) {
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [];
  return (
    <div className="row">
      {schema.items?.enum?.map((one) => (
        <label key={String(one)} className="row">
          <input
            type="checkbox"
            checked={chosen.includes(one)}
            onChange={(event) =>
              onChange(
                event.currentTarget.checked ? [...chosen, one] : chosen.filter((other) => other !== one),
              )
            }
          />
          {String(one)}
        </label>
      ))}
    </div>
  );
}

/**
 * A schema's description is for JSON clients; in the form a file is chosen, not named by its id.
 */
function hintOf(description: string): string {
  return description.replace(/^The id of an uploaded file: /, "");
}

function label(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
