import { readFileSync } from 'node:fs';
import { parseIdpConfig } from './config.ts';
import { logLine } from './log.ts';
import { Rehearsal, REHEARSAL_SIGNAL } from './rehearsal.ts';
import { createIdp } from './server.ts';

/*
 * Usage: node main.js CONFIG.json
 * SIGTERM and SIGINT end the process at once: it keeps nothing that would have to be written first.
 */
process.once('SIGTERM', () => process.exit(0));
process.once('SIGINT', () => process.exit(0));

// A promise that nobody waits for belongs to one request, and that request alone is lost.
process.on('unhandledRejection', (error) => logLine('unhandled', { stack: stackOf(error) }));
// After an exception that nobody caught the state of the process is unknown: it ends, and is started anew.
process.on('uncaughtException', fail);

try {
  const config = parseIdpConfig(readFileSync(process.argv[2] ?? '', 'utf8'));
  const rehearsal = new Rehearsal(config);
  process.on(REHEARSAL_SIGNAL, () => rehearsal.moveOn());
  const server = createIdp(config, rehearsal, logLine);
  server.on('error', fail);
  server.listen(config.port, () => {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    logLine('listening', { port, issuer: config.issuer });
  });
} catch (error) {
  fail(error);
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
