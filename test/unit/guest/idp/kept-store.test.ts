import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptAdapter } from '../../../../src/guest/idp/kept-adapter.ts';
import { KeptMap } from '../../../../src/guest/idp/kept-map.ts';
import { openKeptStore } from '../../../../src/guest/idp/kept-store.ts';

describe('the map', () => {
  const clock = { now: 1000 };
  const make = (): KeptMap => new KeptMap(() => clock.now);
  beforeEach(() => {
    clock.now = 1000;
  });

  it('forgets what has expired, also over a restart', () => {
    const map = make();
    map.set('short', 1, { maxAge: 10 });
    map.set('long', 2, { maxAge: 100 });
    map.set('ever', 3);
    clock.now += 50;
    expect([map.get('short'), map.get('long'), map.get('ever')]).toEqual([undefined, 2, 3]);
    const again = make();
    const text = JSON.stringify(map.dump());
    clock.now += 60;
    again.load(JSON.parse(text));
    expect([again.get('long'), again.get('ever')]).toEqual([undefined, 3]);
  });

  it('keeps the members of a grant, which are a Map', () => {
    const map = make();
    map.set(
      'grant:1',
      new Map([
        ['AccessToken:a', 5000],
        ['RefreshToken:b', Infinity],
      ]),
    );
    const again = make();
    again.load(JSON.parse(JSON.stringify(map.dump())));
    expect(again.get('grant:1')).toEqual(map.get('grant:1'));
  });

  it('lets the oldest go', () => {
    const map = make();
    for (let index = 0; index <= 1000; index += 1) map.set(`key${index}`, index);
    expect(map.get('key0')).toBeUndefined();
    expect(map.dump()).toHaveLength(1000);
  });
});

describe('the store', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'meshdev-store-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const told: string[] = [];
  const open = (path: string | undefined) => openKeptStore(path, (event) => void told.push(event));
  beforeEach(() => void told.splice(0));

  it('is there again with what the provider did last, readable by nobody else', async () => {
    const path = join(dir, 'store.json');
    const first = open(path);
    const tokens = keptAdapter(first, 15)('RefreshToken');
    await tokens.upsert('a', { jti: 'a', grantId: 'g' }, 3600);
    await tokens.upsert('b', { jti: 'b', grantId: 'g' }, 3600);
    await tokens.upsert('c', { jti: 'c' }, 3600);
    await tokens.consume('a');
    await tokens.destroy('c');
    first.flush();
    expect((await stat(path)).mode & 0o777).toBe(0o600);

    const second = open(path);
    const again = keptAdapter(second, 15)('RefreshToken');
    expect(await again.find('a')).toMatchObject({ jti: 'a', consumed: expect.any(Number) });
    expect(await again.find('b')).toEqual({ jti: 'b', grantId: 'g' });
    expect(await again.find('c')).toBeUndefined();
    await again.revokeByGrantId('g');
    expect(await again.find('b')).toBeUndefined();
    second.flush();
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual([]);
    expect(told).toEqual([]);
  });

  it('writes a moment after a change, for a process that is killed', async () => {
    const path = join(dir, 'store.json');
    const store = open(path);
    await keptAdapter(store, 15)('Session').upsert('s', { uid: 'u' }, 3600);
    await expect.poll(() => readFile(path, 'utf8').catch(() => ''), { timeout: 5000 }).toContain('Session:s');
  });

  it('begins empty where the file cannot be read, and says so', async () => {
    const path = join(dir, 'store.json');
    await writeFile(path, '{"half":');
    expect(open(path).entries.dump()).toEqual([]);
    expect(told).toEqual(['store.unreadable']);
  });

  it('keeps nothing without a file', async () => {
    const store = open(undefined);
    await keptAdapter(store, 15)('Session').upsert('s', { uid: 'u' }, 3600);
    store.flush();
    expect(await keptAdapter(store, 15)('Session').find('s')).toEqual({ uid: 'u' });
  });
});
