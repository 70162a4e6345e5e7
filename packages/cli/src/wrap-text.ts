import stringWidth from "string-width";

/**
 * A text in lines of at most so many columns, broken at spaces. A word that is longer has a line of its own, whole, so that an id or an
 * address can be copied.
 * @param width null: one line, as it goes to a program
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
