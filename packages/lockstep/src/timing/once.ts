/**
 * Makes a function that does its work at the first call and returns that call's answer to every
 * caller.
 */
export function once<T>(work: () => T): () => T {
  let first: { readonly answer: T } | null = null;
  return () => {
    first ??= { answer: work() };
    return first.answer;
  };
}
