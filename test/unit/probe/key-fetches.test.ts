import { describe, expect, it } from 'vitest';
import { failuresIn } from '../../../src/probe/idp/key-fetches.ts';

describe('failuresIn', () => {
  it('takes refreshes that failed: no first fetches, no retries, no bad issuers of our own', () => {
    const log = [
      '2026-03-01T17:22:39.754733Z\terror\tmodel\tFailed to fetch public key from jwks URI "https://a/jwks": Get "https://a/jwks": EOF',
      '2026-03-01T17:22:47.047560Z\twarn\tmodel\tFailed to GET from "https://a/jwks": status 502. Retry in 1s',
      '2026-03-01T17:22:54.000000Z\terror\tmodel\tFailed to refresh JWT public key from "https://a/jwks": status 502',
      '2026-03-01T17:22:55.000000Z\terror\tmodel\tFailed to refresh JWT public key from "https://imposter:28502/jwks": EOF',
    ].join('\n');
    expect(failuresIn(log, 'imposter')).toEqual([
      {
        at: Date.parse('2026-03-01T17:22:54Z'),
        what: 'Failed to refresh JWT public key from "https://a/jwks": status 502',
      },
    ]);
  });
});
