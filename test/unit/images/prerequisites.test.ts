import { describe, expect, it } from 'vitest';
import { mirrorLines } from '../../../src/images/packages/apt.ts';
import { goIsEnough, unfitBecause } from '../../../src/images/packages/prerequisites.ts';

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n';

describe('a machine that can build images', () => {
  it('is Debian or its kin, as root', () => {
    expect(unfitBecause('linux', 0, DEBIAN)).toBeUndefined();
    expect(unfitBecause('linux', 0, 'ID=ubuntu\nID_LIKE=debian\n')).toBeUndefined();
  });

  it.each([
    ['darwin', 0, '', /runs darwin/],
    ['linux', 0, 'ID="fedora"\n', /runs fedora/],
    ['linux', 1000, DEBIAN, /user 1000 is not root/],
    ['linux', 0, '', /unknown distribution/],
  ])('is not %s with uid %i and os-release %j', (system, uid, release, because) => {
    expect(unfitBecause(system, uid, release)).toMatch(because);
  });
});

describe('the version of Go', () => {
  it.each([
    ['go1.26.6', true],
    ['go1.26.8', true],
    ['go1.27', true],
    ['go1.26.5', false],
    ['go1.26', false],
    ['go1.9.99', false],
    ['', false],
    ['devel', false],
  ])('%j: %s', (version, enough) => {
    expect(goIsEnough(version, '1.26.6')).toBe(enough);
  });
});

describe('the mirror', () => {
  it('is the machine’s own, with the suite of the images', () => {
    const listed = [
      'Debian|http://mirror.test/debian/|main',
      'Debian|http://mirror.test/debian/|main',
      'Debian-Security|http://mirror.test/debian-security/|main',
      'Debian|http://mirror.test/debian/|contrib',
      '$(LABEL)|http://elsewhere.test/|main',
    ].join('\n');
    expect(mirrorLines(listed)).toEqual([
      'deb http://mirror.test/debian/ bookworm main',
      'deb http://mirror.test/debian/ bookworm-updates main',
      'deb http://mirror.test/debian-security/ bookworm-security main',
    ]);
  });

  it('is none when nothing of Debian is configured', () => {
    expect(mirrorLines('')).toEqual([]);
  });
});
