import { EDGE_ADMIN_SOCKET } from '../../edge/edge-files.ts';
import { type AnyCheck, defineCheck, fail, pass, unknown } from '../check.ts';

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1)$/;

/** 0600: whoever may write to the socket may rewrite the edge. */
const ADMIN = `unix/${EDGE_ADMIN_SOCKET}|0600`;

export const EXPOSURE_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-EXPO-001',
    title: 'every published listener of the lab is on loopback',
    means: 'the lab is open to the network',
    lookAt: '`meshdev down`, then `meshdev up`',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['listeners'],
    judge: ({ listeners }) => {
      const open = listeners.filter((listener) => !LOOPBACK.test(listener.address));
      if (listeners.length === 0)
        return unknown('EXPO_NO_LISTENER', 'the engine publishes no port of this lab at all');
      return open.length === 0
        ? pass(listeners.map((listener) => `${listener.address}:${listener.port}`).join(', '))
        : fail(
            'EXPO_NOT_LOOPBACK',
            open
              .map((listener) => `${listener.container} listens on ${listener.address}:${listener.port}`)
              .join(' · '),
            ['meshdev down', 'meshdev up'],
          );
    },
  }),
  defineCheck({
    id: 'MD-EXPO-003',
    title: 'Caddy’s admin API is on its private socket only',
    means: 'others can rewrite the edge',
    lookAt: '`admin` in the Caddyfile',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['edge.running'],
    judge: ({ 'edge.running': { adminListen } }) =>
      adminListen === ADMIN
        ? pass(adminListen)
        : fail('EXPO_ADMIN_OPEN', `Caddy's admin API listens on ${adminListen}, wanted ${ADMIN}`),
  }),
  defineCheck({
    id: 'MD-EXPO-007',
    title: 'the IdP is published nowhere around the edge',
    means: 'the IdP can be reached around the edge',
    lookAt: '`docker port meshdev-demo-idp`',
    hop: 'edge->idp',
    polarity: 'positive',
    blocking: false,
    evidence: ['listeners'],
    judge: ({ listeners }, { lab }) => {
      if (listeners.length === 0)
        return unknown('EXPO_NO_LISTENER', 'the engine publishes no port of this lab at all');
      const open = listeners.filter((listener) => listener.container === lab.containers.idp);
      return open.length === 0
        ? pass()
        : fail(
            'EXPO_IDP_PUBLISHED',
            open
              .map((listener) => `the IdP is published on ${listener.address}:${listener.port}`)
              .join(' · '),
          );
    },
  }),
];
