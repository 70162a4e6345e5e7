import { FileField } from "./file-field.js";
import type { Draft } from "./schema.js";

/** What makes a form's submission a batch. */
export interface LibraryChoice {
  /** The id of the uploaded file. */
  readonly library: string;
  readonly name?: string;
  readonly skip_invalid: boolean;
}

/** Where the draft holds values that are not members of the input. */
const AT = { library: "/library", name: "/batch_name", skip: "/skip_invalid" } as const;

export function libraryOf(draft: Draft): LibraryChoice {
  const name = textOf(draft, AT.name).trim();
  return {
    library: textOf(draft, AT.library),
    skip_invalid: draft[AT.skip] === true,
    ...(name === "" ? {} : { name }),
  };
}

interface LibraryProps {
  /** The accepted file formats. */
  readonly hint: string;
  readonly draft: Draft;
  onChange(pointer: string, value: unknown): void;
}

/** A file of many entries: each becomes a job, and together they are one batch. */
export function Library({ hint, draft, onChange }: LibraryProps) {
  return (
    <>
      <div className="field">
        <label htmlFor="field-library">Library</label>
        <FileField
          id="field-library"
          value={draft[AT.library]}
          onChange={(id) => onChange(AT.library, id)}
          onFile={(file) => {
            if (textOf(draft, AT.name) === "") onChange(AT.name, file.name);
          }}
        />
        <p className="hint">{hint}</p>
      </div>
      <div className="field">
        <label htmlFor="field-batch-name">
          Name of the batch<span className="dim"> optional</span>
        </label>
        <input
          id="field-batch-name"
          className="input"
          maxLength={200}
          value={textOf(draft, AT.name)}
          onChange={(event) => onChange(AT.name, event.currentTarget.value)}
        />
      </div>
      <label className="row">
        <input
          type="checkbox"
          checked={draft[AT.skip] === true}
          onChange={(event) => onChange(AT.skip, event.currentTarget.checked)}
        />
        Skip invalid lines instead of refusing the file
      </label>
    </>
  );
}

function textOf(draft: Draft, at: string): string {
  const value = draft[at];
  return typeof value === "string" ? value : "";
}
