import { describe, expect, it } from "vitest";
import { heard } from "../src/audio/heard";
import { wavFile } from "../src/audio/wavFile";
import { midiFile, tickOf, TICKS } from "../src/kit/midiFile";
import { strikeOf } from "../src/kit/midiMessage";
import { padOfNote, ROLES } from "../src/kit/pads";
import { SILENCE, STARTS, strikesOf, struck } from "../src/kit/pattern";
import { settings } from "../src/state/settings";

describe("strikes", () => {
  it("come in the order of time, and only those of the beat's length", () => {
    const beat = struck(struck(struck(SILENCE, 3, 5, 0.5), 2, 1, 1), 0, 40, 1);
    expect(strikesOf(beat)).toEqual([
      { pad: 2, step: 1, velocity: 1 },
      { pad: 3, step: 5, velocity: 0.5 },
    ]);
  });
});

describe("a MIDI file", () => {
  it("has the ticks of its swing", () => {
    expect([0, 1, 2].map((step) => tickOf(step, 1))).toEqual([0, 160, 240]);
    expect(tickOf(4, 0)).toBe(TICKS);
  });
  it("says how long its one track is", () => {
    const bytes = midiFile(STARTS["Boom bap"], "a");
    const view = new DataView(bytes.buffer);
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe("MThd");
    expect([8, 10, 12].map((at) => view.getUint16(at))).toEqual([0, 1, TICKS]);
    expect(view.getUint32(18)).toBe(bytes.length - 22);
  });
});

describe("a WAV file", () => {
  it("holds samples to the last of 24 bits", () => {
    const samples = Float32Array.of(0, 0.5, -1, 1, -(2 ** -23));
    const bytes = wavFile([samples, samples], 48000, 24);
    expect(bytes.length).toBe(44 + 5 * 6);
    const view = new DataView(bytes.buffer);
    const at = (nth: number) =>
      (view.getInt8(46 + 3 * nth) << 16) | view.getUint16(44 + 3 * nth, true);
    const values = [0, 2 ** 22, -(2 ** 23), 2 ** 23 - 1, -1];
    expect(values.map((_, nth) => at(2 * nth))).toEqual(values);
    expect(values.map((_, nth) => at(2 * nth + 1))).toEqual(values);
  });
  it("is dithered by up to one step in 16 bits, and even", () => {
    const bytes = wavFile([new Float32Array(4001).fill(0.3 / 2 ** 15)], 44100, 16);
    const values = new Int16Array(bytes.buffer, 44, 4001);
    expect(Math.max(...values.map(Math.abs))).toBe(1);
    expect(values.reduce((sum, value) => sum + value, 0) / 4001).toBeCloseTo(0.3, 1);
    expect(bytes.length % 2).toBe(0);
  });
});

describe("a MIDI keyboard", () => {
  it("strikes the pad of its note, however hard, on any channel", () => {
    expect(strikeOf(Uint8Array.of(0x90, 36, 127))).toEqual({ pad: 0, velocity: 1 });
    expect(strikeOf(Uint8Array.of(0x99, 42, 32))!.velocity).toBeCloseTo(0.25, 2);
    for (const other of [[0x80, 36, 64], [0x90, 36, 0], [0xb0, 36, 9], [0x90, 20, 9], [0xf8]])
      expect(strikeOf(Uint8Array.from(other))).toBeNull();
    expect(strikeOf(null)).toBeNull();
  });
  it("has a pad for each note, and for those of the same kind", () => {
    expect(ROLES.map(({ note }) => padOfNote(note))).toEqual([...Array(16).keys()]);
    expect(padOfNote(40)).toBe(padOfNote(38));
    // The notes of a controller's sixteen pads, from 36 up.
    for (let note = 35; note <= 51; note++) expect(padOfNote(note)).toBeDefined();
  });
});

describe("a sound on its own", () => {
  it("begins, goes and ends as the settings say", () => {
    expect(heard(2)).toEqual({ from: 0, speed: 1, lasts: 2, fade: 0 });
    settings.start.value = 0.1;
    settings.pitch.value = 12;
    expect(heard(2.1)).toEqual({ from: 0.1, speed: 2, lasts: 1, fade: 0 });
    expect(heard(0.15).from).toBe(0);
    settings.length.value = 0.5;
    settings.fade.value = 0.2;
    expect(heard(2.1)).toEqual({ from: 0.1, speed: 2, lasts: 0.5, fade: 0.2 });
    for (const name of ["start", "pitch", "length"] as const) settings[name].value = 0;
  });
});
