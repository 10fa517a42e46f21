import { describe, expect, it } from 'vitest';
import { portProxyOf, type PortProxy } from '../../../src/engine/port-proxies.ts';
import { leadNowhere, type ProxyFacts } from '../../../src/up/leftover-proxies.ts';

const ARGV =
  '/usr/sbin/docker-proxy -proto tcp -host-ip 127.0.0.1 -host-port 443 -container-ip 172.18.0.3 -container-port 443';
const seen = {
  pid: 77,
  startTicks: 1,
  name: 'docker-proxy',
  state: 'S',
  argv: ARGV.split(' '),
  parent: 1,
  session: 9,
};

describe('a proxy of Docker', () => {
  it('is known by its name and its arguments', () => {
    expect(portProxyOf(seen)).toMatchObject({
      pid: 77,
      hostAddress: '127.0.0.1',
      hostPort: 443,
      containerAddress: '172.18.0.3',
    });
  });

  it.each([
    ['another program with the same arguments', { name: 'nginx' }],
    ['one that has ended', { state: 'Z' }],
    ['one for UDP', { argv: ARGV.replace('tcp', 'udp').split(' ') }],
    ['one without arguments', { argv: ['docker-proxy'] }],
  ])('is not %s', (_, changes) => {
    expect(portProxyOf({ ...seen, ...changes })).toBeUndefined();
  });
});

describe('a leftover of the lab', () => {
  const proxy: PortProxy = {
    ...seen,
    hostAddress: '127.0.0.1',
    hostPort: 443,
    containerAddress: '172.18.0.3',
  };
  const facts: ProxyFacts = { ports: [443, 40_001], subnets: ['172.18.0.0/16', 'fd00::/64'], addresses: [] };

  it('holds one of its ports for an address of its networks that nobody has', () => {
    expect(leadNowhere([proxy], facts)).toEqual([proxy]);
    expect(leadNowhere([{ ...proxy, hostPort: 40_001 }], facts)).toHaveLength(1);
  });

  it.each<[string, Partial<PortProxy>, Partial<ProxyFacts>]>([
    ['another port', { hostPort: 8443 }, {}],
    ['an address elsewhere', { containerAddress: '172.19.0.3' }, {}],
    ['an address that a container has', {}, { addresses: ['172.18.0.3'] }],
    ['an address, while the networks are not known', {}, { subnets: [] }],
  ])('is not one for %s', (_, changes, known) => {
    expect(leadNowhere([{ ...proxy, ...changes }], { ...facts, ...known })).toEqual([]);
  });
});
