/**
 * The promise that `ctx.commit` returns. It knows whether anybody waits for it, so that a commit
 * that failed unnoticed cannot pass for one that succeeded, and its rejection is never one that
 * nobody handles.
 */
export class CommitPromise<T> extends Promise<T> {
  #isAwaited = false;

  /** What `then` returns is an ordinary promise. */
  static override get [Symbol.species]() {
    return Promise;
  }

  static of<T>(work: Promise<T>): CommitPromise<T> {
    const promise = new CommitPromise<T>((resolve, reject) => void work.then(resolve, reject));
    Promise.prototype.then.call(promise, undefined, () => undefined);
    return promise;
  }

  /** Whether anybody has called `then`, which `await`, `catch` and `Promise.all` also do. */
  get isAwaited(): boolean {
    return this.#isAwaited;
  }

  // biome-ignore lint/suspicious/noThenProperty: this is how a promise sees that it is awaited
  override then<Value = T, Caught = never>(
    onValue?: ((value: T) => Value | PromiseLike<Value>) | null,
    onError?: ((reason: unknown) => Caught | PromiseLike<Caught>) | null,
  ): Promise<Value | Caught> {
    this.#isAwaited = true;
    return super.then(onValue, onError);
  }
}
