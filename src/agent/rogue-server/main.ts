import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { openListener } from './listener.ts';
import { parseOrder, type Order } from './order.ts';

/*
 * Usage: node main.js < order.json
 * Listens as ordered until somebody connects to the control port, the time is over or a signal comes;
 * then writes `{ "sightings": [...] }` to stdout. Exits 0, or 2 when the order is not usable.
 */

try {
  const order = parseOrder(await text(process.stdin));
  const listeners = await Promise.all(order.listeners.map(openListener));
  await ended(order);
  const sightings = await Promise.all(listeners.map((listener) => listener.close()));
  process.stdout.write(`${JSON.stringify({ sightings })}\n`, () => process.exit(0));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`, () => process.exit(2));
}

/** The control port opens last: whoever finds it open may count on the listeners. */
function ended({ controlPort, timeoutMs }: Order): Promise<void> {
  return new Promise((resolve, reject) => {
    const control = createServer((socket) => {
      // The first byte ends it; a connection alone only asks whether everything listens.
      socket.on('error', () => undefined);
      socket.once('data', () => resolve());
      socket.write('listening\n');
    });
    control.once('error', reject);
    control.listen(controlPort, '127.0.0.1');
    setTimeout(resolve, timeoutMs);
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}
