import { PROFILES } from '../../src/profiles.ts';

/*
 * Loaded before meshdev (`node --import`): images that say and look like the official ones, but carry
 * upstream's Envoy and a node without kindnet. The node is pulled by the digest that it has in the registry
 * of the test. Nothing else of the profile is another.
 */

const { official } = PROFILES;
const digest = process.env['OFFICIAL_SHAPE_NODE'];
const node = digest === undefined ? official.images.node : { ...official.images.node, digest };

Object.assign(official, { envoy: 'upstream', cni: 'static', images: { ...official.images, node } });
