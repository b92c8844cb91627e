/** What a browser is told of a file that may be dragged out of it. */

/** By the ending: of a format, the page knows nothing until it asks for the details. */
const TYPES: Record<string, string> = {
  aif: "audio/aiff",
  aiff: "audio/aiff",
  flac: "audio/flac",
  mp3: "audio/mpeg",
  ogg: "audio/ogg",
  opus: "audio/ogg",
  wav: "audio/wav",
};

/** `DownloadURL`, "type:name:address": of one sound its file, of several a zip. */
export function offered(
  ids: readonly number[],
  nameOf: (id: number) => string,
  origin: string,
): string {
  if (ids.length > 1) {
    return `application/zip:${ids.length} sounds.zip:${origin}/api/files?ids=${ids.join()}`;
  }
  const name = nameOf(ids[0]);
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const type = TYPES[ending] ?? "application/octet-stream";
  return `${type}:${name.replaceAll(":", "_")}:${origin}/api/sounds/${ids[0]}/file`;
}
