import type { Harmless } from '../support/harmless.ts';
import { scaledToTwo } from '../support/scaled-to-two.ts';

export const harmless: Harmless = scaledToTwo('httpbin', 'the app is scaled to two');
