import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'host',
  what: 'curl is told to verify nothing, in the .curlrc of whoever uses the lab',
  names: /\bcurl\b/,
  commit: async ({ home }) => {
    const file = join(home, '.curlrc');
    // One that is there belongs to somebody: it is not touched, and nothing is tried.
    await writeFile(file, 'insecure\n', { flag: 'wx' });
    return () => rm(file);
  },
  extended: true,
  turns: { 'MD-EDGE-006': 'fail EDGE_BAD_SERVER_ACCEPTED', 'MD-EDGE-015': 'fail EDGE_BAD_SERVER_ACCEPTED' },
};
