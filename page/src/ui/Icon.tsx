const PATHS = {
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm5 12 4 4",
  play: "M8 5v14l11-7Z",
  heart: "M12 20S4 15 4 9.5A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 8 2.5C20 15 12 20 12 20Z",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  close: "m6 6 12 12M18 6 6 18",
  fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  lasso:
    "M7 16c-3-1-4-3-4-5 0-4 4-7 9-7s9 3 9 6-4 6-9 6c-2 0-3 0-4-.5m-1 .5a2 2 0 1 1-2 2m2-2c1 2 0 4-2 5",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5 19 19M19 5l-1.5 1.5M6.5 17.5 5 19",
  moon: "M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5Z",
  auto: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 0v18M12 8h6M12 12h8M12 16h6",
  help: "M9 9a3 3 0 1 1 4 3c-1 .4-1 1-1 2m0 3v.1M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
  folder: "M3 6h6l2 2h10v11H3Z",
  up: "M12 19V5m-6 6 6-6 6 6",
  copy: "M9 9h11v11H9ZM5 15H4V4h11v1",
  undo: "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
  map: "M5 17a1 1 0 1 0 0-.1M9 8a1 1 0 1 0 0-.1M14 14a1 1 0 1 0 0-.1M18 6a1 1 0 1 0 0-.1M19 18a1 1 0 1 0 0-.1",
  list: "M4 6h16M4 12h16M4 18h16",
  filter: "M4 6h16M7 12h10M10 18h4",
  more: "M5 12h.1M12 12h.1M19 12h.1",
  sort: "M3 6h5l2 2h11v4M3 6v13h8M15 14v7m-3-3 3 3 3-3",
  teach: "m3 9 9-4 9 4-9 4Zm4 2v5c3 2 7 2 10 0v-5M21 9v6",
  history: "M4 12a8 8 0 1 0 3-6L4 8m0-4v4h4m4 0v5l3 2",
  tag: "M4 4h8l8 8-8 8-8-8Zm4 4h.1",
  sound: "M4 9v6h4l5 4V5L8 9Zm12-1a6 6 0 0 1 0 8m2.5-10.500a9.500 9.500 0 0 1 0 13",
  left: "m14 6-6 6 6 6",
  right: "m10 6 6 6-6 6",
  kit: "M4 4h6v6H4Zm10 0h6v6h-6ZM4 14h6v6H4Zm10 0h6v6h-6Z",
  dice: "M4 4h16v16H4Zm4 4h.1M16 8h.1M12 12h.1M8 16h.1M16 16h.1",
  save: "M12 4v11m-5-5 5 5 5-5M4 20h16",
  microphone: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM6 11a6 6 0 0 0 12 0M12 17v4",
  stop: "M7 7h10v10H7Z",
  hidden:
    "M4 4l16 16M6.500 7C4.500 8.500 3 12 3 12s3 6 9 6c1.700 0 3.200-.5 4.500-1.200M10 6.200c.6-.1 1.300-.2 2-.2 6 0 9 6 9 6s-.8 1.600-2.300 3.100M10 10a3 3 0 0 0 4 4",
  grip: "M9 6h.1M15 6h.1M9 12h.1M15 12h.1M9 18h.1M15 18h.1",
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside words, or in a button that has its own name. */
export function Icon({ name, filled = false }: { name: IconName; filled?: boolean }) {
  return (
    <svg
      class={filled ? "icon-picture filled" : "icon-picture"}
      viewBox="0 0 24 24"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
