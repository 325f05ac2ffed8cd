import { defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses, so that the page may also be served from a folder of another site.
  base: './',
  build: {
    outDir: '../target/classes/page',
    emptyOutDir: true,
    target: 'es2022',
    // One editor and one CRDT: the size is known and the page is served from nearby.
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
  },
  server: {
    // `npm run dev` beside a running `./weft demo` takes tokens and ports from it.
    proxy: { '/auth': 'http://localhost:5173', '/config.json': 'http://localhost:5173' },
    port: 5174,
  },
});
