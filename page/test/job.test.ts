import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Job } from "../src/api/types";
import { run, takeJob } from "../src/state/job";
import { notices } from "../src/state/notices";

const at = (number: number, state: Job["state"]): Job => {
  const sentence = state === "running" ? "" : `Job ${number} is ${state}.`;
  return {
    number,
    kind: "scan",
    what: "",
    done: 0,
    total: 1,
    unit: "files",
    state,
    sentence,
    failures: [],
  };
};
const told = () => notices.value.map((notice) => notice.sentence);

describe("a job", () => {
  beforeEach(() => {
    takeJob(null);
    notices.value = [];
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("{}")));
  });

  it("is waited for", async () => {
    const ends = run(() => Promise.resolve(at(1, "running")));
    await Promise.resolve();
    takeJob(at(1, "done"));
    expect((await ends)?.state).toBe("done");
    expect(told()).toEqual(["Job 1 is done."]);
  });

  it("that ends before the answer to its begin is there is not missed, and told once", async () => {
    const ended = await run(() => {
      takeJob(at(2, "running"));
      takeJob(at(2, "done"));
      return Promise.resolve(at(2, "running"));
    });
    expect(ended?.state).toBe("done");
    expect(told()).toEqual(["Job 2 is done."]);
  });

  it("of another page is told where it was seen to run", () => {
    takeJob(at(3, "done"));
    expect(told()).toEqual([]);
    takeJob(at(4, "running"));
    takeJob(at(4, "failed"));
    takeJob(at(4, "failed"));
    expect(told()).toEqual(["Job 4 is failed."]);
  });

  it("that is lost, for the server began anew, is not waited for any longer", async () => {
    const ends = run(() => Promise.resolve(at(6, "running")));
    await new Promise((begun) => setTimeout(begun));
    takeJob(null);
    expect(await ends).toBeUndefined();
  });

  it("gives nothing where it was refused", async () => {
    expect(
      await run(() => Promise.reject(new Error("Something else is going on."))),
    ).toBeUndefined();
    expect(told()).toEqual(["Something else is going on."]);
  });
});
