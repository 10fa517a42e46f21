import type { WireResult } from '../../src/evidence/wire-result.ts';

/** An exchange that ended in data. */
export function data(more: Partial<WireResult> = {}): WireResult {
  return {
    ended: 'data',
    protocol: 'TLSv1.3',
    cipher: 'TLS_AES_128_GCM_SHA256',
    peerChain: [],
    headers: {},
    body: '',
    ...more,
  };
}

/** An exchange that ended in anything else. */
export function ended(how: Exclude<WireResult['ended'], 'data'>, alert?: string): WireResult {
  return { ended: how, peerChain: [], headers: {}, body: '', ...(alert === undefined ? {} : { alert }) };
}

/** No connection came about, and nobody refused one. */
export function unreachable(errorCode: string): WireResult {
  return { ...ended('unreachable'), connected: false, error: `connect ${errorCode}`, errorCode };
}
