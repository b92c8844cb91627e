import { beforeEach, describe, expect, it, vi } from "vitest";

vi.stubGlobal("location", { hash: "" });
vi.mock("../src/slicer/voice", () => ({ play() {}, stop() {} }));
const { goOn, opened, takeApart, unheard } = await import("../src/slicer/state");

const loop = { name: "a.wav", cuts: [0, 500], length: 1000, rate: 1000, channels: 1, peak: 1 };
const hits = [1, 2].map((number) => ({ number, length: 100, label: "kick" }));
const asked: string[] = [];
let away = false;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", async (path: string) => {
    const what = path.split(/[/?]/)[5] ?? "loop";
    asked.push(what);
    if (away && what !== "loop" && what !== "outline") throw new TypeError("no connection");
    if (what === "loop") return Response.json(loop);
    if (what === "hits") return Response.json({ hits });
    return new Response(new Float32Array(1000).buffer);
  });
});

describe("a loop that is open while the server is away", () => {
  it("is heard to its end once it is back, and its samples are fetched", async () => {
    away = true;
    await takeApart(7);
    const { blocks } = opened.value!;
    expect(await blocks.frames(0, 10)).toBeUndefined();
    expect(unheard.value).toBe(2);
    away = false;
    expect(await blocks.frames(0, 10)).toBeUndefined(); // not again at once
    const before = blocks.version.value;
    goOn();
    expect(blocks.version.value).toBeGreaterThan(before);
    expect(await blocks.frames(0, 10)).toHaveLength(1);
    await vi.waitFor(() => expect(unheard.value).toBe(0));
  });

  it("asks for a block again after a rest", async () => {
    away = true;
    await takeApart(8);
    const { blocks } = opened.value!;
    await blocks.frames(0, 10);
    away = false;
    vi.advanceTimersByTime(1000);
    expect(await blocks.frames(0, 10)).toHaveLength(1);
    expect(asked.filter((what) => what === "samples")).toHaveLength(4);
  });
});
