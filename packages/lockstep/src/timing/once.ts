/** Makes a function that does its work at the first call and gives every caller that call's answer. */
export function once<T>(work: () => T): () => T {
  let first: { readonly answer: T } | null = null;
  return () => {
    first ??= { answer: work() };
    return first.answer;
  };
}
