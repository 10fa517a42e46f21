import { join } from 'node:path';
import type { ImageConfig } from '../image-archive.ts';
import { packFiles } from '../layer.ts';
import type { Stage } from '../stage.ts';

export const EDGE_CONFIG: ImageConfig = {
  entrypoint: ['/usr/local/bin/caddy'],
  cmd: ['run', '--config', '/etc/caddy/Caddyfile', '--adapter', 'caddyfile'],
  env: [
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'XDG_CONFIG_HOME=/config',
    'XDG_DATA_HOME=/data',
  ],
  workdir: '/etc/caddy',
};

/** Caddy on the shared Debian layer: curl is there for its admin socket, openssl for looking at keys. */
export function edgeStage(): Stage {
  return {
    id: 'edge',
    needs: ['caddy'],
    slot: 'io',
    aboutSeconds: 1,
    aboutBytes: 200e6,
    inputs: { recipe: 1, config: JSON.stringify(EDGE_CONFIG) },
    build: (work) => {
      const caddy = { from: join(work.of('caddy'), 'bin/caddy'), to: 'usr/local/bin/caddy' };
      const dirs = ['etc/caddy', 'data', 'config', 'run/caddy'].map((path) => ({ path, uid: 0 }));
      return packFiles(work, join(work.out, 'layer.tar'), [caddy], dirs);
    },
  };
}
