import { MeshdevError } from '../errors/meshdev-error.ts';
import type { SourceKind } from '../ports/image-source.ts';

/** One source, and why it cannot be used here where that is so. */
export interface SourceOffer {
  readonly kind: SourceKind;
  readonly unusable?: string;
}

export interface ChosenSource {
  readonly kind: SourceKind;
  readonly because: string;
}

/**
 * Which source a lab is made from: the one that was asked for, else the first that can be used.
 * Never silently another one than asked for.
 * @param asked with the flag, variable or file that asked
 * @throws MeshdevError IMAGE_SOURCE_UNAVAILABLE naming every source and what is against it
 */
export function chooseSource(
  asked: { readonly kind: SourceKind; readonly origin: string } | undefined,
  offers: readonly SourceOffer[],
): ChosenSource {
  const fitting = offers.filter((offer) => asked === undefined || offer.kind === asked.kind);
  const usable = fitting.find((offer) => offer.unusable === undefined);
  if (usable === undefined) throw unavailable(asked?.origin, fitting, offers);
  if (asked !== undefined) return { kind: usable.kind, because: `asked for by ${asked.origin}` };
  const passedOver = offers
    .slice(0, offers.indexOf(usable))
    .map(({ kind, unusable }) => `${kind}: ${unusable}`);
  return { kind: usable.kind, because: passedOver.length === 0 ? 'the first choice' : passedOver.join('; ') };
}

function unavailable(
  origin: string | undefined,
  fitting: readonly SourceOffer[],
  offers: readonly SourceOffer[],
): MeshdevError {
  const against = fitting.map(({ kind, unusable }) => `${kind}: ${unusable}`).join('; ');
  const other = offers.find((offer) => offer.unusable === undefined);
  return new MeshdevError('IMAGE_SOURCE_UNAVAILABLE', {
    message: `choosing where images come from${origin === undefined ? '' : ` (asked for by ${origin})`}: ${against}`,
    remedies: other === undefined ? [] : [`meshdev up --image-source ${other.kind}`],
  });
}

/** What this version can do. The order is the order of preference. */
export const SOURCE_OFFERS: readonly SourceOffer[] = [
  { kind: 'bundle', unusable: 'not part of this version' },
  { kind: 'registry', unusable: 'not part of this version' },
  { kind: 'packages' },
];
