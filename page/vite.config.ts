import { defineConfig } from "vite";

// What is built is committed, so it must be the same wherever it is built: no times, no paths.
export default defineConfig({
  base: "/",
  build: {
    outDir: "../src/drumsort/web/static",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
});
