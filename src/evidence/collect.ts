import type { EvidenceKey, EvidenceMap } from './evidence-map.ts';

/** Gathers one piece of evidence; asked at most once per key and run. */
export type Collect = <Key extends EvidenceKey>(key: Key) => Promise<EvidenceMap[Key]>;
