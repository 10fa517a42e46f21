import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freeSubnets, poolProblem } from '../../../src/engine/address-pools.ts';
import { cut, overlap, parseSubnet, subnetText } from '../../../src/host/judges/subnet.ts';

const builtIn = { addressPools: [] };

describe('subnets', () => {
  it.each(['172.17.0.0/16', '0.0.0.0/0', '10.255.255.252/30', '192.168.240.0/20', '255.255.255.255/32'])(
    '%s is written as it was read',
    (text) => {
      const subnet = parseSubnet(text);
      expect(subnet === undefined ? undefined : subnetText(subnet)).toBe(text);
    },
  );

  it.each(['fd00::/64', '10.0.0.0', '10.0.0.256/8', '10.0.0.0/33', ''])('%j is none', (text) => {
    expect(parseSubnet(text)).toBeUndefined();
  });

  it('overlap if and only if one contains an end of the other', () => {
    const net = fc.record({
      address: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      prefix: fc.integer({ min: 0, max: 32 }),
    });
    const subnetOf = ({ address, prefix }: { address: number; prefix: number }) =>
      parseSubnet(subnetText({ first: address, last: address, prefix }));
    const property = fc.property(net, net, (a, b) => {
      const [one, other] = [subnetOf(a), subnetOf(b)];
      if (one === undefined || other === undefined) return false;
      const shorter = Math.min(one.prefix, other.prefix);
      const same =
        Math.floor(one.first / 2 ** (32 - shorter)) === Math.floor(other.first / 2 ** (32 - shorter));
      return overlap(one, other) === same && overlap(one, other) === overlap(other, one);
    });
    expect(() => fc.assert(property)).not.toThrow();
  });

  it('are cut without gap or overlap', () => {
    const whole = parseSubnet('192.168.0.0/16');
    const parts = whole === undefined ? [] : cut(whole, 20);
    expect(parts.map(subnetText).slice(0, 3)).toEqual([
      '192.168.0.0/20',
      '192.168.16.0/20',
      '192.168.32.0/20',
    ]);
    expect(parts).toHaveLength(16);
    expect(parts.at(-1)?.last).toBe(whole?.last);
  });
});

describe('address pools', () => {
  it('of Docker have 31 subnets', () => {
    expect(freeSubnets(builtIn, [])).toHaveLength(31);
    expect(freeSubnets(builtIn, ['172.17.0.0/16', 'fd00::/64'])).toHaveLength(30);
    // A small network takes a large subnet, and a large one several.
    expect(freeSubnets(builtIn, ['172.18.3.0/28'])).toHaveLength(30);
    expect(freeSubnets(builtIn, ['172.16.0.0/12'])).toHaveLength(16);
  });

  it('are a problem only when fewer are left than are needed', () => {
    const pools = { addressPools: [{ base: '10.1.0.0/24', size: 26 }] };
    const networks = ['10.1.0.0/26', '10.1.0.64/26'].map((subnet) => ({ subnets: [subnet] }));
    expect(poolProblem(pools, networks, 2)).toBeUndefined();
    expect(poolProblem(pools, networks, 3)).toMatchObject({
      code: 'ENGINE_NOT_FIT',
      message: expect.stringContaining('2 networks leave 2'),
    });
    expect(poolProblem(pools, networks, 0)).toBeUndefined();
  });

  it('of a large size are not counted to their end', () => {
    expect(freeSubnets({ addressPools: [{ base: '10.0.0.0/8', size: 28 }] }, []).length).toBe(4096);
  });
});
