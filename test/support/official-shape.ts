import { PROFILES } from '../../src/profiles.ts';

/*
 * Loaded before meshdev (`node --import`): images that say and look like the official ones, but carry
 * upstream's Envoy and a node without kindnet. Nothing else of the profile is another.
 */

Object.assign(PROFILES.official, { envoy: 'upstream', cni: 'static' });
