import { describe, expect, it, vi } from "vitest";

vi.stubGlobal("location", { hash: "" });
vi.mock("../src/audio/player", () => ({ player: {} }));
const { forgetClass, teachClass, useLesson } = await import("../src/panels/teaching");
const { notices } = await import("../src/state/notices");
const { undo } = await import("../src/state/steps");

const asked: [path: string, body: unknown][] = [];
const answers: Record<string, unknown> = {};
vi.stubGlobal("fetch", async (path: string, { body }: RequestInit) => {
  await new Promise((ready) => setTimeout(ready));
  if (body) asked.push([path, JSON.parse(String(body))]);
  return Response.json(answers[path] ?? { error: "Not now." }, {
    status: answers[path] ? 200 : 409,
  });
});

describe("what is taught", () => {
  it("is what an undo takes back that is asked for before it is done", async () => {
    answers["/api/undo"] = { version: 0 };
    const begin = [
      () => teachClass("Riser", [1]),
      () => useLesson(3),
      () => forgetClass("Riser"),
    ] as const;
    for (const [nth, teach] of begin.entries()) {
      const path = ["/api/teach/classes", "/api/teach/use", "/api/teach/forget"][nth];
      answers[path] = { changed: 1, step: 40 + nth, version: 0 };
      const taught = teach();
      await undo();
      expect(await taught).toBe(true);
      expect(asked.at(-1)).toEqual(["/api/undo", { step: 40 + nth }]);
    }
  });

  it("is nothing where it is refused", async () => {
    delete answers["/api/teach/use"];
    expect(await useLesson(3)).toBe(false);
    expect(notices.value.map(({ sentence }) => sentence)).toContain("Not now.");
  });
});
