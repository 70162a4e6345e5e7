import stringWidth from "string-width";

/**
 * Wraps a text at spaces into lines of at most a given width. A longer word gets its own line,
 * whole, so that an id or an address can be copied.
 * @param width null: one line, for a program
 */
export function wrapText(text: string, width: number | null): string[] {
  if (width === null) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && stringWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
