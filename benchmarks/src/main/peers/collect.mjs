// Loaded before a server (node --expose-gc --import ./collect.mjs …): SIGUSR2 collects garbage, so that memory can be read without it.
process.on('SIGUSR2', () => globalThis.gc())
