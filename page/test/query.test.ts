import { describe, expect, it } from "vitest";
import type { Language } from "../src/api/types";
import { ALL, type Filters } from "../src/sounds/filter";
import { asQuery } from "../src/search/asQuery";
import { isPlain } from "../src/search/plain";
import { put, suggest, type Vocabulary } from "../src/search/suggest";

const field = (name: string, named = false) => ({
  name,
  about: `about ${name}`,
  takes: "s, ms, min",
  example: `${name}:1..2`,
  named,
});
const language: Language = {
  fields: [
    field("label", true),
    field("family", true),
    field("length"),
    field("loudness"),
    field("pack"),
    field("corrected"),
    field("collection"),
  ],
  words: [
    { word: "long", about: "highest quarter by length" },
    { word: "loud", about: "highest quarter by loudness" },
  ],
};
const known: Vocabulary = {
  language,
  labels: ["kick", "closed_hat", "My Vox"],
  families: ["kick", "hat"],
  packs: ["Dusty Tape", "Long Night", 'odd "pack"', ""],
  collections: ["Favourites", "Dark kit"],
  keywords: ["dusty", "for live set"],
};
const terms = (text: string, all = false) =>
  suggest(text, text.length, known, all).map(({ term }) => term);

describe("words", () => {
  const plain = (text: string) => isPlain(text, ["Favourites", "Dark kit"]);
  it("are looked for here", () => {
    for (const text of ["", "take 00", "808-kick a,b", "größe 1.5", "12:30", "c++"])
      expect(plain(text), text).toBe(true);
  });
  it("are a query with anything that means more", () => {
    for (const text of [
      "-tape",
      "^tape",
      '"take 1"',
      "kick,",
      "kick , hat",
      "length:..1",
      "length-",
      "a Short kick",
      "favour",
      "KIT",
    ])
      expect(plain(text), text).toBe(false);
  });
});

describe("suggestions", () => {
  it("name fields, words and what the library has", () => {
    expect(terms("kick lo")).toEqual(["loudness:", "long", "loud", 'pack:"Long Night"']);
    expect(terms("clo")).toEqual(["label:closed_hat"]);
    expect(terms("ki")).toEqual(["label:kick", "family:kick", 'collection:"Dark kit"']);
    expect(terms("ta")).toEqual(['pack:"Dusty Tape"']);
    expect(terms("dust")).toEqual(["keyword:dusty", 'pack:"Dusty Tape"']);
    expect(terms("live")).toEqual(['keyword:"for live set"']);
  });
  it("keep what is not wanted", () => expect(terms("-fam")).toEqual(["-family:"]));
  it("know how a field is asked for, and sorted by", () => {
    expect(terms("label:")).toEqual(["label:kick", "label:closed_hat", 'label:"My Vox"']);
    expect(terms("family:H")).toEqual(["family:hat"]);
    expect(terms('pack:"dus')).toEqual(['pack:"Dusty Tape"']);
    expect(terms("corrected:")).toEqual(["corrected:yes", "corrected:no"]);
    expect(terms("length:")).toEqual(["length:1..2"]);
    expect(terms("length:5")).toEqual([]);
    expect(terms("length")).toEqual(["length:", "length+", "length-"]);
    expect(terms("length-")).toEqual(["length+"]);
    expect(terms("nosuch:")).toEqual([]);
  });
  it("leave out what is there already, and what no query can write", () => {
    expect(terms("long")).toEqual(['pack:"Long Night"']);
    expect(terms("odd")).toEqual([]);
  });
  it("are all fields when asked for at an empty place", () => {
    expect(terms("kick ")).toEqual([]);
    expect(terms("kick ", true)).toHaveLength(language.fields.length);
  });
  it("take the place of the term that the caret is in", () => {
    const into = (text: string, caret: number, term: string) =>
      put(text, caret, { term, about: "" });
    expect(into("kick le", 7, "length:")).toEqual(["kick length:", 12]);
    expect(into("clo", 3, "label:closed_hat")).toEqual(["label:closed_hat ", 17]);
    expect(into("du kick", 2, 'pack:"Dusty Tape"')).toEqual(['pack:"Dusty Tape" kick', 17]);
    expect(into("snare , clo, tom", 11, "label:clap")).toEqual(["snare , label:clap, tom", 18]);
    expect(into("", 0, "length:")).toEqual(["length:", 7]);
  });
});

describe("the filters as a query", () => {
  const fields = language.fields.map(({ name }) => name);
  const collections = [
    { number: 1, name: "Favourites", count: 2, query: null, kit: false },
    { number: 2, name: "Deep", count: 2, query: "kick deep , tom length-", kit: false },
  ];
  const query = (change: Partial<Filters>) => asQuery({ ...ALL, ...change }, collections, fields);
  it("is what is typed", () => {
    expect(query({ search: "kick  length:..1, hat" })).toBe("kick length:..1 , hat");
    expect(query({ search: "808- length- deep" })).toBe("808- deep length-");
  });
  it("has all filters", () =>
    expect(
      query({
        packs: ["Dusty Tape"],
        corrected: true,
        confidence: [0, 0.5],
        duration: [0.25, Infinity],
        brightness: [100, 9000.1234],
      }),
    ).toBe(
      'pack:="Dusty Tape" confidence:0..0.5 length:0.25.. brightness:100..9000.12 corrected:yes',
    ));
  it("has a choice for each of several families, and for what is typed", () => {
    expect(query({ families: ["kick", "hat"], search: "a , b" })).toBe(
      "a family:kick , a family:hat , b family:kick , b family:hat",
    );
    expect(query({ families: ["kick", "hat"], labels: ["closed_hat"] })).toBe(
      "family:kick label:closed_hat , family:hat label:closed_hat",
    );
  });
  it("means the guess where only the unsure are shown", () => {
    expect(query({ families: ["kick"], unsure: true })).toBe("guess:kick label:unsure");
    expect(query({ families: ["unsure"], unsure: true })).toBe("label:unsure");
  });
  it("has no choice that nothing can be, and no term twice", () => {
    expect(query({ search: "family:kick , family:hat", families: ["hat", "kick"] })).toBe(
      "family:kick , family:hat",
    );
    expect(query({ search: "family:kick", families: ["hat"] })).toBe(null);
  });
  it("takes in a collection, and the query of a smart one", () => {
    expect(query({ collection: 1, search: "short" })).toBe('short collection:="Favourites"');
    expect(query({ collection: 2, search: "short" })).toBe("short kick deep , short tom length-");
  });
  it("is none where no query can say it", () => {
    expect(query({ packs: ['odd "pack"'] })).toBe(null);
    const many = Array.from({ length: 41 }, (_, nth) => `pack ${nth}`);
    expect(query({ packs: many })).toBe(null);
  });
});
