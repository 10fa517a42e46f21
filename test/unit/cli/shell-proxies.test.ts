import { describe, expect, it } from 'vitest';
import { completedNoProxy } from '../../../src/cli/shell-proxies.ts';

const ZONE = 'mesh.localhost';
const PROXY = { HTTPS_PROXY: 'http://proxy.example:3128' };

describe('NO_PROXY for the lab', () => {
  it('is not set in a shell without proxies', () => {
    expect(completedNoProxy({}, ZONE)).toEqual({});
    expect(completedNoProxy({ HTTPS_PROXY: '' }, ZONE)).toEqual({});
  });

  it('names the zone, what is below it, and the loopback address, in both spellings', () => {
    const all = 'mesh.localhost,.mesh.localhost,127.0.0.1';
    expect(completedNoProxy(PROXY, ZONE)).toEqual({ NO_PROXY: all, no_proxy: all });
    expect(completedNoProxy({ all_proxy: 'socks5://proxy.example' }, ZONE)).toEqual({
      NO_PROXY: all,
      no_proxy: all,
    });
  });

  it('keeps what each of them has, and adds only what is missing', () => {
    const env = { ...PROXY, NO_PROXY: 'corp.example, 127.0.0.1', no_proxy: '.mesh.localhost' };
    expect(completedNoProxy(env, ZONE)).toEqual({
      NO_PROXY: 'corp.example,127.0.0.1,mesh.localhost,.mesh.localhost',
      no_proxy: '.mesh.localhost,mesh.localhost,127.0.0.1',
    });
  });

  it('takes the other spelling where one is missing', () => {
    const { NO_PROXY, no_proxy } = completedNoProxy({ ...PROXY, no_proxy: 'corp.example' }, ZONE);
    expect(NO_PROXY).toBe('corp.example,mesh.localhost,.mesh.localhost,127.0.0.1');
    expect(no_proxy).toBe(NO_PROXY);
  });

  it('leaves a list alone that excludes everything', () => {
    expect(completedNoProxy({ ...PROXY, NO_PROXY: '*' }, ZONE)).toEqual({ NO_PROXY: '*', no_proxy: '*' });
  });
});
