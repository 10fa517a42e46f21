import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy’s admin API is on TCP for everybody',
  names: /Caddy/,
  commit: async (bench) => {
    const { edge } = bench.lab.containers;
    const caddyfile = await bench.docker(['exec', edge, 'cat', '/etc/caddy/Caddyfile']);
    const reload = (text: string, address: string): Promise<string> =>
      bench.docker(
        [
          'exec',
          '-i',
          edge,
          'caddy',
          'reload',
          '--config',
          '-',
          '--adapter',
          'caddyfile',
          '--address',
          address,
        ],
        text,
      );
    const open = caddyfile.replace(
      /^\tadmin .*$/m,
      '\tadmin 0.0.0.0:2019 {\n\t\torigins 127.0.0.1:2019\n\t}',
    );
    await reload(open, 'unix//run/meshdev/admin.sock');
    return () => reload(caddyfile, '127.0.0.1:2019');
  },
  // The socket that the running configuration is read from is gone.
  turns: {
    'MD-EXPO-003': 'fail EXPO_ADMIN_OPEN',
    'MD-EGW-002': 'unknown EVIDENCE_MISSING',
    'MD-DRIFT-001': 'unknown EVIDENCE_MISSING',
  },
};
