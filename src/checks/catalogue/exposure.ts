import { type AnyCheck, defineCheck, fail, pass, unknown } from '../check.ts';
import { BYPASS_CHECKS } from './exposure-bypass.ts';
import { SECRET_CHECKS } from './exposure-secrets.ts';

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1)$/;

export const EXPOSURE_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-EXPO-001',
    title: 'every published port of the lab listens on loopback only',
    impact: 'other machines on the network can reach the lab',
    hint: '`meshdev down`, then `meshdev up`',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['listeners'],
    judge: ({ listeners }) => {
      const open = listeners.filter((listener) => !LOOPBACK.test(listener.address));
      if (listeners.length === 0)
        return unknown('EXPO_NO_LISTENER', 'the engine publishes no port of this lab');
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
  ...BYPASS_CHECKS,
  ...SECRET_CHECKS,
];
