import { describe, expect, it } from 'vitest';
import { parseTimeSync } from '../../../../src/host/facts/clock.ts';
import { modulesIn } from '../../../../src/host/facts/kernel.ts';
import { parseRoutes } from '../../../../src/host/facts/links.ts';
import { parseOpenFiles } from '../../../../src/host/facts/machine.ts';

describe('/proc/net/route', () => {
  const text = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
tun0\t0004120A\t0100120A\t0003\t0\t0\t0\t00FCFFFF\t0\t0\t0
`;

  it('has its addresses in the byte order of the machine', () => {
    expect(parseRoutes(text)).toEqual([
      { destination: '0.0.0.0/0', device: 'eth0' },
      { destination: '172.17.0.0/16', device: 'docker0' },
      { destination: '10.18.4.0/22', device: 'tun0' },
    ]);
  });

  it('may be empty', () => {
    expect(parseRoutes('')).toEqual([]);
  });
});

describe('modules of the kernel', () => {
  const none = { loaded: '', builtIn: '', loadable: '', config: '' };
  const stateIn = (sources: Partial<typeof none>, name: string) =>
    modulesIn({ ...none, builtIn: 'kernel/x.ko\n', ...sources })?.find((one) => one.name === name)?.state;

  it.each([
    [{ loaded: 'overlay 151552 12 - Live 0x0\n' }, 'overlay', 'loaded'],
    [{ builtIn: 'kernel/fs/overlayfs/overlay.ko\n' }, 'overlay', 'built-in'],
    [{ config: 'CONFIG_X=m\nCONFIG_OVERLAY_FS=y\n' }, 'overlay', 'built-in'],
    [
      { loadable: 'kernel/net/bridge/br_netfilter.ko.xz: kernel/net/bridge/bridge.ko.xz\n' },
      'br_netfilter',
      'loadable',
    ],
    [{ loadable: 'kernel/net/netfilter/xt_REDIRECT.ko.zst:\n' }, 'xt_REDIRECT', 'loadable'],
    [{ loadable: 'kernel/net/netfilter/nft_chain_nat.ko:\n' }, 'iptable_nat', 'loadable'],
    // Neither is the bridge, although its name is a part of theirs.
    [{ loadable: 'kernel/net/bridge/br_netfilter.ko: kernel/net/bridge.d/other.ko\n' }, 'bridge', 'missing'],
    [{ config: '# CONFIG_OVERLAY_FS is not set\nCONFIG_OVERLAY_FS=m\n' }, 'overlay', 'missing'],
  ] as const)('%j: %s is %s', (sources, name, state) => {
    expect(stateIn(sources, name)).toBe(state);
  });

  it('are not known where the kernel lists none', () => {
    expect(modulesIn({ ...none, loaded: 'overlay 1 1 - Live 0x0\n' })).toBeUndefined();
  });
});

it.each([
  ['Max open files            1024                 524288               files     \n', 1024],
  ['Max open files            unlimited            unlimited            files     \n', undefined],
  ['', undefined],
])('the limit of open files in %j is %s', (text, limit) => {
  expect(parseOpenFiles(text)).toBe(limit);
});

it.each([
  ['NTP=yes\nNTPSynchronized=yes\n', { synchronized: true, enabled: true }],
  ['NTP=yes\nNTPSynchronized=no\n', { synchronized: false, enabled: true }],
  ['CanNTP=yes\nNTP=no\n', { synchronized: false, enabled: false }],
])('timedatectl: %j', (text, expected) => {
  expect(parseTimeSync(text)).toEqual(expected);
});
