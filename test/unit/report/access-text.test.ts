import { expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/read.ts';
import { personasOf, servicesOf } from '../../../src/config/services/derive.ts';
import { accessOf, accessText } from '../../../src/report/access-text.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';

const lab = createLab(DEFAULT_CHOICE);

function access(text: string) {
  const values = parseConfig('meshdev.yaml', text);
  return accessOf(servicesOf(values, lab), personasOf(values));
}

const SHOP = `identity: { users: { ann: { roles: [clerk] } } }
services:
  orders:
    image: orders
    port: 80
    host: orders
    allow:
      - { roles: [clerk], methods: [GET], paths: [/orders] }
      - { users: [alice], paths: [/orders] }
  stock:
    image: stock
    port: 80
    allow: [{ from: [orders], methods: [GET], paths: [/items] }]
  queue: { image: queue, port: 5672, appProtocol: tcp, allow: [{ from: [orders] }] }
`;

it('says of each request who may send it, by which policy, and who may not', () => {
  expect(accessText(access(SHOP))).toBe(`orders   https://orders.mesh.localhost
  through the edge
    GET /orders                allow  alice   by apps/orders-2
                               allow  ann   by apps/orders-1
                               deny   bob, eve, no token
    DELETE /orders             allow  alice   by apps/orders-2
                               deny   bob, eve, ann, no token
    GET /meshdev-unlisted      deny   alice, bob, eve, ann, no token
    DELETE /meshdev-unlisted   deny   alice, bob, eve, ann, no token
  from a workload
    every request   deny   stock, queue, caller

stock   inside the mesh only
  from a workload
    GET /items                 allow  orders   by apps/stock-1
                               deny   queue, caller
    DELETE /items              deny   orders, queue, caller
    GET /meshdev-unlisted      deny   orders, queue, caller
    DELETE /meshdev-unlisted   deny   orders, queue, caller

queue   inside the mesh only
  from a workload
    every request   allow  orders   by apps/queue-1
                    deny   stock, caller
`);
});

it('has the cells that check judges', () => {
  const [orders] = access(SHOP);
  expect(orders).toMatchObject({ service: 'orders', url: 'https://orders.mesh.localhost' });
  expect(orders?.cells.find(({ id }) => id === 'ann-get-orders')).toEqual({
    id: 'ann-get-orders',
    subject: 'ann',
    way: 'edge',
    method: 'GET',
    path: '/orders',
    expected: 'allow',
    by: 'apps/orders-1',
    allowedBy: ['apps/orders-1'],
  });
});

it('says that there are none', () => {
  expect(accessText(access('domain: lab.test'))).toBe('meshdev.yaml has no services\n');
});
