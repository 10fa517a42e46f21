import { MeshdevError } from '../errors/meshdev-error.ts';
import type { SourceKind } from '../ports/image-source.ts';

/** One source, and how to find out why it cannot be used here. */
export interface SourceOffer {
  readonly kind: SourceKind;
  /** Resolves with what is against it; undefined when nothing is. May ask the network. */
  readonly against: () => Promise<string | undefined>;
}

export interface ChosenSource {
  readonly kind: SourceKind;
  readonly because: string;
}

/** What settles the choice without looking, in this order. */
export interface Wishes {
  /** With the flag, variable or file that asked. */
  readonly asked?: { readonly kind: SourceKind; readonly origin: string } | undefined;
  /** What the lab was made from: it stays with it, so that later commands ask no registry. */
  readonly recorded?: ChosenSource | undefined;
}

/**
 * Which source a lab is made from: the one that was asked for, else the one it was made from before,
 * else the first that can be used. Never silently another one than asked for.
 * @throws MeshdevError IMAGE_SOURCE_UNAVAILABLE naming every source and what is against it
 */
export async function chooseSource(
  { asked, recorded }: Wishes,
  offers: readonly SourceOffer[],
): Promise<ChosenSource> {
  // What is wrong with a source that was asked for is said by the source itself, with more than we know here.
  if (asked !== undefined) return { kind: asked.kind, because: `selected by ${asked.origin}` };
  if (recorded !== undefined) return recorded;
  const passedOver: string[] = [];
  for (const { kind, against } of offers) {
    const reason = await against();
    if (reason === undefined)
      return { kind, because: passedOver.length === 0 ? 'the default' : passedOver.join('; ') };
    passedOver.push(`${kind}: ${reason}`);
  }
  throw new MeshdevError('IMAGE_SOURCE_UNAVAILABLE', {
    message: `choosing the image source: ${passedOver.join('; ')}`,
    remedies: ['meshdev up --mirror registry.example.com', 'meshdev docs images'],
  });
}
