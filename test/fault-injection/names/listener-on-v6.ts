import { once } from 'node:events';
import { createServer } from 'node:net';
import { addHostsLine } from '../support/hosts-file.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** What a browser meets first where a resolver answers both, as systemd-resolved does. */
export const fault: FaultInjection = {
  category: 'names',
  what: 'somebody else listens on [::1] at the port of the edge, and the app’s name leads there too',
  names: /::1/,
  commit: async ({ lab }) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined).resume();
      socket.end('HTTP/1.0 200 OK\r\n\r\nnot the edge');
    });
    server.listen({ host: '::1', port: lab.httpsPort });
    await once(server, 'listening');
    const restore = await addHostsLine(`127.0.0.1 ${lab.hosts.httpbin}\n::1 ${lab.hosts.httpbin}`);
    return async () => {
      await restore();
      server.close();
      await once(server, 'close');
    };
  },
  extended: true,
  turns: { 'MD-NAME-006': 'fail NAME_OTHER_LISTENER' },
};
