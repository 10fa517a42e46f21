import { posix } from 'node:path';
import { DEFAULT_SOCKET } from './engine-files.ts';

/** What decides where engines of this user listen. */
export interface SocketPlaces {
  /** As Node.js names it: linux (also in WSL2), darwin. */
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly uid: number;
}

export interface UsualSocket {
  readonly path: string;
  readonly name: string;
}

/**
 * Sockets to try when nobody said which engine to use, in order. The default socket comes first
 * everywhere: it is what every other program on the machine takes. On Linux an engine of this user
 * follows, then the virtual machines; macOS has only these. In WSL2 Docker Desktop and Rancher Desktop put
 * the default socket into the distribution, so that it is Linux in every respect. Pure.
 */
export function usualSockets(places: SocketPlaces): readonly UsualSocket[] {
  const at = (path: string): string => posix.join(places.home, path);
  const first = { path: DEFAULT_SOCKET, name: 'the default socket' };
  const colima = colimaHomes(places).map((home) => ({
    path: posix.join(home, 'default/docker.sock'),
    name: 'the socket of Colima',
  }));
  const rancher = { path: at('.rd/docker.sock'), name: 'the socket of Rancher Desktop' };
  if (places.platform === 'darwin') {
    const desktop = { path: at('.docker/run/docker.sock'), name: 'the socket of Docker Desktop' };
    const orbstack = { path: at('.orbstack/run/docker.sock'), name: 'the socket of OrbStack' };
    return [first, desktop, ...colima, rancher, orbstack];
  }
  const rootless = {
    path: posix.join(runtimeDir(places), 'docker.sock'),
    name: 'the socket of rootless Docker',
  };
  const desktop = { path: at('.docker/desktop/docker.sock'), name: 'the socket of Docker Desktop' };
  return [first, rootless, desktop, ...colima, rancher];
}

/** Colima moved its directory twice; it still takes the oldest one where that exists. */
function colimaHomes({ env, home }: SocketPlaces): readonly string[] {
  const told = env['COLIMA_HOME'] ?? '';
  if (told !== '') return [told];
  return [posix.join(home, '.colima'), posix.join(env['XDG_CONFIG_HOME'] || `${home}/.config`, 'colima')];
}

function runtimeDir({ env, uid }: SocketPlaces): string {
  return env['XDG_RUNTIME_DIR'] || `/run/user/${uid}`;
}
