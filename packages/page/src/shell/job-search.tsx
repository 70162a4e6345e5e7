import { TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Icon } from "./icon.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A pasted id opens its job; anything else filters the list. */
export function JobSearch() {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  async function search(words: string): Promise<void> {
    if (words === "") return;
    setText("");
    if (UUID.test(words)) await navigate({ to: "/jobs/$id", params: { id: words.toLowerCase() } });
    else await navigate({ to: "/jobs", search: { q: words } });
  }
  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void search(text.trim());
        }}
      >
        <TextInput
          id="search"
          type="search"
          aria-label="Search jobs"
          placeholder="Search jobs, or paste an id  ( / )"
          leftSection={<Icon name="search" size={14} />}
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData("text").trim();
            if (!UUID.test(pasted)) return;
            event.preventDefault();
            void search(pasted);
          }}
        />
      </form>
    </search>
  );
}
