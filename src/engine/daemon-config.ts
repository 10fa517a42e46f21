import { RUNTIME_NAME, type EngineFiles, type EnginePlace } from './engine-files.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** daemon.json; whatever it does not say stays Docker's default, the data root above all. */
export function daemonConfig(files: EngineFiles, thinRuntime: boolean): Record<string, unknown> {
  // Without a limit the access log of a lab that runs for weeks fills the disk.
  const logging = { 'log-opts': { 'max-size': '20m', 'max-file': '3' } };
  if (!thinRuntime) return logging;
  return {
    ...logging,
    runtimes: { [RUNTIME_NAME]: { path: files.runtime } },
    'default-runtime': RUNTIME_NAME,
  };
}

/** Own files and pid file: nothing under /etc is touched. */
export function daemonArguments(files: EngineFiles, place: EnginePlace): readonly string[] {
  const own = ['--config-file', files.config, '--pidfile', files.pid, '--host', `unix://${place.socket}`];
  return [...own, ...place.extraArgs];
}

/** A daemon outlives us: it gets a path and the proxy variables, nothing else of the caller. */
export function daemonEnvironment(env: Environment): Record<string, string> {
  const proxies = Object.entries(env).flatMap(([name, value]) =>
    /^(HTTPS?|NO)_PROXY$/i.test(name) && value !== undefined ? [[name, value]] : [],
  );
  // The system's first: iptables and runc are in sbin, which is not on every root's path.
  const path = `/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:${env['PATH'] ?? ''}`;
  return { ...Object.fromEntries(proxies), PATH: path, HOME: env['HOME'] ?? '/root' };
}
