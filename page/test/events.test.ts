import { expect, it, vi } from "vitest";
import { api } from "../src/api/client";

vi.stubGlobal("location", { hash: "" });
const { listen, said } = await import("../src/state/events");

class Stream {
  static latest: Stream;
  onerror = () => {};
  private takers = new Map<string, (event: { data: string }) => void>();
  constructor() {
    Stream.latest = this;
  }
  addEventListener(name: string, take: (event: { data: string }) => void) {
    this.takers.set(name, take);
  }
  say(name: string, value: unknown) {
    this.takers.get(name)!({ data: JSON.stringify(value) });
  }
  close() {}
}

it("what was said while the stream of events was broken is fetched once it is there again", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Stream);
  const state = vi.spyOn(api, "state").mockReturnValue(new Promise(() => undefined));
  const again = async (counted: number) => {
    Stream.latest.onerror();
    await vi.advanceTimersByTimeAsync(3000);
    state.mockClear();
    Stream.latest.say("said", counted);
  };
  listen();
  Stream.latest.say("said", 4);
  expect([said.value, state.mock.calls.length]).toEqual([1, 1]); // what the page has may be older
  await again(4);
  expect([said.value, state.mock.calls.length]).toEqual([1, 0]);
  await again(6);
  expect([said.value, state.mock.calls.length]).toEqual([2, 1]);
  vi.useRealTimers();
});
