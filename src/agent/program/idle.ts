/*
 * Usage: node idle.js
 * Keeps a container alive, so that probes can be started in it, until a signal ends it.
 */
const DAY_MS = 86_400_000;

process.once('SIGTERM', () => process.exit(0));
process.once('SIGINT', () => process.exit(0));
setInterval(() => undefined, DAY_MS);
