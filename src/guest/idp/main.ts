import { readFileSync } from 'node:fs';
import { parseIdpConfig } from './config.ts';
import { openKeptStore } from './kept-store.ts';
import { logLine } from './log.ts';
import { Rehearsal, REHEARSAL_SIGNAL } from './rehearsal.ts';
import { createIdp } from './server.ts';

/*
 * Usage: node main.js CONFIG.json [STORE.json]
 * SIGTERM and SIGINT end the process as soon as sessions and grants are written. Without STORE.json nothing is kept.
 */
const store = openKeptStore(process.argv[3], logLine);
process.once('SIGTERM', end);
process.once('SIGINT', end);

// A promise that nobody waits for belongs to one request, and that request alone is lost.
process.on('unhandledRejection', (error) => logLine('unhandled', { stack: stackOf(error) }));
// After an exception that nobody caught the state of the process is unknown: it ends, and is started anew.
process.on('uncaughtException', fail);

try {
  const config = parseIdpConfig(readFileSync(process.argv[2] ?? '', 'utf8'));
  const rehearsal = new Rehearsal(config);
  process.on(REHEARSAL_SIGNAL, () => rehearsal.moveOn());
  const server = createIdp(config, rehearsal, store, logLine);
  server.on('error', fail);
  server.listen(config.port, () => {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    logLine('listening', { port, issuer: config.issuer });
  });
} catch (error) {
  fail(error);
}

function end(): void {
  store.flush();
  process.exit(0);
}

function fail(error: unknown): void {
  logLine('fatal', {
    message: error instanceof Error ? error.message : String(error),
    stack: stackOf(error),
  });
  process.exit(1);
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}
