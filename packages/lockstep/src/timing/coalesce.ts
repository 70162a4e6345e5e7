/**
 * The answer for one item: a value, a promise of a value that takes longer, or the error of this
 * item alone.
 */
export type Answer<Out> = Out | PromiseLike<Out> | Error;

export interface CoalesceOptions<In, Out> {
  /**
   * Handles a batch. It returns one answer for each item, in their order; when it throws, each item
   * gets that error.
   */
  readonly run: (items: readonly In[]) => Promise<readonly Answer<Out>[]>;
  /** Items in a batch. */
  readonly batchSizeMax: number;
  /** Batches in progress at once. */
  readonly batchesMax: number;
  /**
   * An error of a whole batch that one bad item may have caused: then each item is run alone.
   * Default: no error is.
   */
  readonly isOfOneItem?: (error: unknown) => boolean;
}

interface Waiting<In, Out> {
  readonly item: In;
  readonly resolve: (answer: Out | PromiseLike<Out>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Turns many calls into one. The items of one tick, and those that arrive while all batches are in
 * progress, go into the next batch in the order of their arrival. A batch starts after each of its
 * items was requested, so no answer is older than its question. Each item costs one object and one
 * promise, because thousands per second go through here.
 */
export function coalesce<In, Out>(options: CoalesceOptions<In, Out>): (item: In) => Promise<Out> {
  const { run, batchSizeMax, batchesMax, isOfOneItem } = options;
  const waiting: Waiting<In, Out>[] = [];
  let underWay = 0;

  const flush = async (batch: readonly Waiting<In, Out>[]): Promise<void> => {
    try {
      const answers = await run(batch.map((one) => one.item));
      if (answers.length !== batch.length)
        throw new Error(`a batch of ${batch.length} got ${answers.length} answers`);
      batch.forEach(({ resolve, reject }, index) => {
        const answer = answers[index] as Answer<Out>;
        if (answer instanceof Error) reject(answer);
        else resolve(answer);
      });
    } catch (error) {
      if (batch.length > 1 && isOfOneItem?.(error)) for (const one of batch) await flush([one]);
      else for (const one of batch) one.reject(error);
    }
  };
  const dispatch = (): void => {
    while (waiting.length > 0 && underWay < batchesMax) {
      underWay += 1;
      void flush(waiting.splice(0, batchSizeMax)).finally(() => {
        underWay -= 1;
        dispatch();
      });
    }
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (waiting.length === 1 && underWay < batchesMax) setImmediate(dispatch);
    });
}
