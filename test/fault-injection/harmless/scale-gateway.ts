import type { Harmless } from '../support/harmless.ts';
import { scaledToTwo } from '../support/scaled-to-two.ts';

export const harmless: Harmless = scaledToTwo('gateway', 'the gateway is scaled to two');
