import { describe, expect, it } from 'vitest';
import { daemonArguments, daemonConfig, daemonEnvironment } from '../../../src/engine/daemon-config.ts';
import { DEFAULT_PLACE, engineFiles } from '../../../src/engine/engine-files.ts';

const files = engineFiles('/state');

describe('the daemon that meshdev starts', () => {
  it('uses the thin runtime for every container where the host needs it, and else Docker’s own', () => {
    expect(daemonConfig(files, true)).toMatchObject({
      runtimes: { 'meshdev-runc': { path: '/state/engine/meshdev-runc' } },
      'default-runtime': 'meshdev-runc',
    });
    expect(Object.keys(daemonConfig(files, false))).toEqual(['log-opts']);
  });

  it('keeps its files in the state directory and listens where every client looks', () => {
    expect(daemonArguments(files, DEFAULT_PLACE)).toEqual([
      '--config-file',
      '/state/engine/daemon.json',
      '--pidfile',
      '/state/engine/dockerd.pid',
      '--host',
      'unix:///var/run/docker.sock',
    ]);
  });

  it('sees the proxies and nothing else of the caller', () => {
    const env = daemonEnvironment({
      PATH: '/opt/bin',
      HTTPS_PROXY: 'http://p:1',
      no_proxy: 'a',
      TOKEN: 'secret',
      HTTP_PROXY: undefined,
    });
    expect(env).toEqual({
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/bin',
      HTTPS_PROXY: 'http://p:1',
      no_proxy: 'a',
      HOME: '/root',
    });
  });
});
