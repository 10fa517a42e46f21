import { describe, expect, it } from 'vitest';
import { loopbackListeners, parseProcNetTcp } from '../../../src/host/proc-net.ts';

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22501 1 0000000000000000 100 0 0 10 0
   1: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 22502 1 0000000000000000 100 0 0 10 0
   2: 0100007F:01BB 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 22503 1 0000000000000000 20 4 30 10 -1
   3: 0200000A:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22504 1 0000000000000000 100 0 0 10 0
`;
const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31001 1 0000000000000000 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31002 1 0000000000000000 100 0 0 10 0
`;

describe('parseProcNetTcp', () => {
  it('reads listening sockets only', () => {
    expect(parseProcNetTcp(tcp)).toEqual([
      { address: '127.0.0.1', port: 443, inode: 22_501, uid: 0 },
      { address: '0.0.0.0', port: 8080, inode: 22_502, uid: 1000 },
      { address: '10.0.0.2', port: 443, inode: 22_504, uid: 0 },
    ]);
  });
  it('reads IPv6 addresses', () => {
    expect(parseProcNetTcp(tcp6).map((socket) => socket.address)).toEqual([
      '0:0:0:0:0:0:0:1',
      '0:0:0:0:0:ffff:7f00:1',
    ]);
  });
  it('reads an empty table', () => {
    expect(parseProcNetTcp('')).toEqual([]);
  });
});

describe('loopbackListeners', () => {
  it('takes loopback and every-address sockets of the port, not those of other addresses', () => {
    const sockets = [...parseProcNetTcp(tcp), ...parseProcNetTcp(tcp6)];
    expect(loopbackListeners(sockets, 443).map((socket) => socket.inode)).toEqual([22_501, 31_001, 31_002]);
    expect(loopbackListeners(sockets, 8080).map((socket) => socket.inode)).toEqual([22_502]);
  });
});
