import { describe, expect, it } from "vitest";
import { decodeResult, listsOfQueue, taskIdOf, unackedTaskIdOf } from "./decode.js";

/** Messages and results as Celery 5.2 left them in Redis. */
const SUCCESS =
  '{"status": "SUCCESS", "result": {"n": 1}, "traceback": null, "children": [], "date_done": "2026-11-22T21:55:01.277917", "task_id": "t1"}';
const FAILURE =
  '{"status": "FAILURE", "result": {"exc_type": "ValueError", "exc_message": ["no"], "exc_module": "builtins"}, "traceback": "Traceback ...", "children": [], "date_done": "2026-11-22T21:55:01.285710", "task_id": "t2"}';
const MESSAGE =
  '{"body": "W1syXSwge30sIHt9XQ==", "content-encoding": "utf-8", "content-type": "application/json", "headers": {"lang": "py", "task": "ok", "id": "t3", "root_id": "t3"}, "properties": {"correlation_id": "t3", "delivery_tag": "bcefe1ab"}}';

describe("a result of Celery", () => {
  it("has the status, the time and the result", () => {
    expect(decodeResult(SUCCESS)).toEqual({
      value: {
        word: "SUCCESS",
        finishedAt: "2026-11-22T21:55:01.277917Z",
        result: { n: 1 },
        resultJson: '{"n": 1}',
        errorJson: undefined,
        attempt: null,
      },
    });
  });

  it("has an exception where the task failed", () => {
    expect(decodeResult(FAILURE)).toMatchObject({
      value: {
        word: "FAILURE",
        result: undefined,
        errorJson: '{"type":"ValueError","message":"no","traceback":"Traceback ..."}',
      },
    });
  });

  it("has no result where Celery wrote null", () => {
    expect(decodeResult('{"status":"SUCCESS","result":null}')).toMatchObject({
      value: { result: undefined },
    });
  });

  it("counts the first attempt and its retries", () => {
    expect(decodeResult('{"status":"RETRY","result":"x","retries":2}')).toMatchObject({
      value: { attempt: 3 },
    });
  });

  it("is not guessed when it is a pickle", () => {
    expect(decodeResult("\x80\x04\x95")).toEqual({ why: expect.stringContaining("not JSON") });
  });

  it.each(["null", "[]", '"SUCCESS"', "{}", '{"status":1}'])("is not accepted when it is %s", (text) => {
    expect(decodeResult(text)).toEqual({ why: "is JSON, but has no status" });
  });
});

describe("a message of kombu", () => {
  it("contains the id of its task", () => {
    expect(taskIdOf(MESSAGE)).toBe("t3");
  });

  it("contains the id as correlation id in the older protocol", () => {
    expect(taskIdOf('{"body":"","properties":{"correlation_id":"old"}}')).toBe("old");
  });

  it("contains the id while it is not acknowledged", () => {
    expect(unackedTaskIdOf(`[${MESSAGE}, "", "celery"]`)).toBe("t3");
  });

  it.each(["", "{", "[]", "7", '{"headers":{"id":7}}'])("has no task id when it is %j", (text) => {
    expect(taskIdOf(text)).toBeNull();
    expect(unackedTaskIdOf(text)).toBeNull();
  });
});

describe("the lists of a queue", () => {
  it("exist once for each priority step", () => {
    expect(listsOfQueue("celery")).toEqual([
      "celery",
      "celery\x06\x163",
      "celery\x06\x166",
      "celery\x06\x169",
    ]);
  });
});
