import { expect, it, vi } from "vitest";
import { api, NoResponse } from "../src/api/client";

vi.stubGlobal("location", { hash: "" });
const { FAVOURITES, favourites, fetchMembers, toggleFavourites } =
  await import("../src/state/collections");

it("a favourite is one in every file that holds it, and is taken out by any of them", async () => {
  const facts = { number: FAVOURITES, name: "Favourites", missing: 0 };
  vi.spyOn(api, "collection").mockResolvedValue({
    ...facts,
    ids: [4],
    copies: [9],
    ordered: false,
    asks_hidden: false,
  });
  const out = vi.spyOn(api, "removeFrom").mockRejectedValue(new NoResponse());
  await fetchMembers(FAVOURITES);
  expect([...favourites.value]).toEqual([4, 9]);
  await toggleFavourites([9]);
  expect(out).toHaveBeenCalledWith(FAVOURITES, [9]);
});
