/** Which room, and how: `#/<room>` to write, `#/<room>?read` to read along. */
export interface Address {
  room: string;
  readOnly: boolean;
}

const LONGEST = 200;

export function parseAddress(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  return { room: cleanRoom(decode(path)), readOnly: new URLSearchParams(query).has('read') };
}

export function formatAddress({ room, readOnly }: Address): string {
  return `#/${escapeRoom(room)}${readOnly ? '?read' : ''}`;
}

/** Slashes stay, everything else that a URL could misread is escaped; the server decodes once. */
export function escapeRoom(room: string): string {
  return room.split('/').map(encodeURIComponent).join('/');
}

/** No empty room, none of endless length, and no dots that a URL would resolve away. */
export function cleanRoom(text: string): string {
  const parts = text
    .slice(0, LONGEST)
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  return parts.join('/') || 'lobby';
}

export function newRoomName(): string {
  const firsts = ['amber', 'birch', 'cobalt', 'drift', 'ember', 'fern', 'golden', 'hazel', 'indigo', 'linen', 'madder', 'saffron', 'silver', 'velvet'];
  const seconds = ['bobbin', 'canvas', 'damask', 'fringe', 'loom', 'muslin', 'needle', 'ribbon', 'shuttle', 'spindle', 'thread', 'tweed', 'twill', 'yarn'];
  const [a, b, c] = crypto.getRandomValues(new Uint32Array(3)) as unknown as [number, number, number];
  return `${firsts[a % firsts.length]}-${seconds[b % seconds.length]}-${(c % 46656).toString(36).padStart(3, '0')}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
