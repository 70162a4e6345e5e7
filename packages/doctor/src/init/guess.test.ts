import { describe, expect, it } from "vitest";
import {
  countWords,
  guessRoles,
  guessStatus,
  likelyWords,
  lookLikeStatuses,
  statusesOf,
  statusNames,
} from "./guess.js";

describe("a guess at a status word", () => {
  it.each([
    ["IN_PROGRESS", "running"],
    ["In Progress", "running"],
    ["SUCCESS", "completed"],
    ["Done", "completed"],
    ["timed_out", "failed"],
    ["canceled", "cancelled"],
    ["QUEUED", "pending"],
    ["archived", null],
    ["", null],
  ])("maps %j to %j", (word, status) => {
    expect(guessStatus(word)).toBe(status);
  });

  it("puts the most frequent word first, because a repair writes that one", () => {
    const words = countWords([
      ["done", 2],
      ["COMPLETED", 5],
      ["archived", 1],
      ["done", 1],
    ]);
    expect(words.map(({ word }) => word)).toEqual(["COMPLETED", "done", "archived"]);
    expect(statusesOf(words)).toEqual({ COMPLETED: "completed", done: "completed" });
  });

  it("does not treat arbitrary words as statuses", () => {
    expect(
      lookLikeStatuses(
        countWords([
          ["pending", 5],
          ["odd", 3],
        ]),
      ),
    ).toBe(true);
    expect(
      lookLikeStatuses(
        countWords([
          ["active", 1],
          ["DE", 50],
          ["FR", 20],
        ]),
      ),
    ).toBe(false);
    expect(lookLikeStatuses([])).toBe(false);
  });
});

describe("a guess at words that no job has now", () => {
  const likely = (own: [string, number][], other: [string, number][]) =>
    likelyWords(countWords(own), [countWords(other)]);

  it("uses the words of the other place in its own upper or lower case", () => {
    expect(likely([["IN_PROGRESS", 3]], [["COMPLETED", 3]])).toEqual({ COMPLETED: "completed" });
    expect(likely([["Pending", 2]], [["completed", 9]])).toEqual({ Completed: "completed" });
    expect(likely([["done", 2]], [["IN_PROGRESS", 1]])).toEqual({ in_progress: "running" });
  });

  it("adds nothing for a status that has a word, to an enum, or to words with mixed spellings", () => {
    expect(likely([["DONE", 3]], [["COMPLETED", 3]])).toEqual({});
    const enumWords: [string, number][] = [
      ["IN_PROGRESS", 3],
      ["DONE", 0],
    ];
    expect(likely(enumWords, [["FAILED", 3]])).toEqual({});
    const mixed: [string, number][] = [
      ["IN_PROGRESS", 3],
      ["new", 1],
    ];
    expect(likely(mixed, [["FAILED", 3]])).toEqual({});
    expect(likely([], [["FAILED", 3]])).toEqual({});
  });
});

describe("a guess at names", () => {
  it("finds the roles in snake_case, camelCase and the words of other tools", () => {
    expect(guessRoles(["id", "createdAt", "date_done", "result", "errorMessage", "Result"])).toEqual({
      result: "result",
      error: "errorMessage",
      created_at: "createdAt",
      finished_at: "date_done",
    });
  });

  it("finds the columns that may hold a status, the likeliest first", () => {
    expect(statusNames(["id", "job_state", "estate", "paymentStatus", "status", "state"])).toEqual([
      "status",
      "state",
      "job_state",
      "paymentStatus",
    ]);
  });
});
