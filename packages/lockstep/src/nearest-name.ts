/**
 * Finds the name that a misspelled word was most likely meant to be.
 * @returns null when every name needs more edits than a third of the word's length
 */
export function nearestName(word: string, names: readonly string[]): string | null {
  let nearest: string | null = null;
  let distanceMin = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(word, name);
    if (distance < distanceMin) {
      nearest = name;
      distanceMin = distance;
    }
  }
  return nearest;
}

/**
 * Insertions, deletions and replacements needed to turn one text into the other (Levenshtein, one
 * row at a time).
 */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
