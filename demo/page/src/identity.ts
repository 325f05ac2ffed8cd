import { keep } from './dom';

/** Who sits at this browser: shown to the others, kept between visits. */
export interface Identity {
  id: string;
  name: string;
  color: string;
}

/** Told apart at a glance on paper and on slate, and dark enough for white letters. */
export const COLOURS = ['#3f51d9', '#0b7fc4', '#0d8a86', '#2f8f46', '#7a8a12', '#c77700', '#d4522a', '#cc3366', '#9a3fc0', '#6b5bd6'];

const ADJECTIVES = ['Quiet', 'Bright', 'Curious', 'Swift', 'Gentle', 'Bold', 'Merry', 'Patient', 'Clever', 'Sunny', 'Wandering', 'Steady'];
const ANIMALS = ['Heron', 'Otter', 'Lynx', 'Finch', 'Badger', 'Hare', 'Marten', 'Wren', 'Seal', 'Fox', 'Ibex', 'Robin'];

export function loadIdentity(): Identity {
  const random = crypto.getRandomValues(new Uint32Array(4)) as unknown as [number, number, number, number];
  const identity = {
    id: keep.get('id') ?? `guest-${random[3].toString(36)}`,
    name: keep.get('name') ?? `${ADJECTIVES[random[0] % ADJECTIVES.length]} ${ANIMALS[random[1] % ANIMALS.length]}`,
    color: keep.get('color') ?? COLOURS[random[2] % COLOURS.length]!,
  };
  saveIdentity(identity);
  return identity;
}

export function saveIdentity(identity: Identity): void {
  keep.set('id', identity.id);
  keep.set('name', identity.name);
  keep.set('color', identity.color);
}

/** What others send as their name is only ever shown as text, and not at any length. */
export function shownName(value: unknown): string {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 32) : 'Someone';
}

/** What others send as their colour goes into styles: hex or nothing. */
export function shownColour(value: unknown): string {
  return typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value) ? value : '#6b6d7a';
}

export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0]!, words[words.length - 1]!] : [words[0] ?? '?'];
  return letters.map((word) => [...word][0]!.toUpperCase()).join('');
}
