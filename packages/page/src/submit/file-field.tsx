import { useState } from "react";
import { api, dataOf } from "../api/client.js";
import { bytesText } from "../text/bytes.js";
import { plainText } from "../text/plain-text.js";

interface FileFieldProps {
  readonly id: string;
  /** The id of the uploaded file. */
  readonly value: unknown;
  onChange(fileId: string): void;
  /** The file itself, once it is uploaded. */
  onFile?(file: File): void;
}

type Upload =
  | { readonly state: "none" }
  | { readonly state: "uploading"; readonly name: string }
  | { readonly state: "done"; readonly name: string; readonly bytes: number }
  | { readonly state: "failed"; readonly name: string; readonly why: string };

/**
 * A file that is dropped or chosen, and uploaded at once: the form then refers to it by its
 * content's hash.
 */
export function FileField({ id, value, onChange, onFile }: FileFieldProps) {
  const [upload, setUpload] = useState<Upload>({ state: "none" });
  async function send(file: File | undefined): Promise<void> {
    if (!file) return;
    const { name } = file;
    setUpload({ state: "uploading", name });
    try {
      const stored = await putFile(file);
      setUpload({ state: "done", name, bytes: stored.bytes });
      onChange(stored.id);
      onFile?.(file);
    } catch (error) {
      setUpload({
        state: "failed",
        name,
        why: error instanceof Error ? error.message : "The upload failed.",
      });
    }
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is a second way to what the button does
    <div
      className="drop"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void send(event.dataTransfer.files[0]);
      }}
    >
      <input id={id} type="file" onChange={(event) => void send(event.currentTarget.files?.[0])} />
      <span role="status" className="dim">
        {stateText(upload, typeof value === "string" ? value : "")}
      </span>
    </div>
  );
}

async function putFile(file: File) {
  const body = new FormData();
  body.append("file", file);
  return await dataOf(api.POST("/api/files", { body: { file: "" }, bodySerializer: () => body }));
}

function stateText(upload: Upload, fileId: string): string {
  switch (upload.state) {
    case "uploading":
      return `Uploading ${plainText(upload.name)} ...`;
    case "done":
      return `${plainText(upload.name)}, ${bytesText(upload.bytes)}, uploaded`;
    case "failed":
      return `${plainText(upload.name)}: ${upload.why}`;
    case "none":
      return fileId ? `The file ${fileId.slice(0, 12)}... of the job this is a copy of` : "or drop it here";
  }
}
