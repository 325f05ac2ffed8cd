import { find } from './dom';
import type { Session } from './session';

/** Saving shows only when it takes long enough to be noticed. */
const NOTICEABLE = 400;

/** The pill in the bar, the offline switch, and the figures at the foot. */
export function mountStatus(session: Session, readOnly: boolean): void {
  const pill = find('[data-testid=status]');
  const text = find('.status-text');
  const offline = find<HTMLInputElement>('[data-testid=offline-switch]');
  let unsavedSince = 0;
  let timer = 0;

  const draw = () => {
    clearTimeout(timer);
    const count = session.unsaved.count;
    unsavedSince = count === 0 ? 0 : unsavedSince || performance.now();
    const noticed = count > 0 && performance.now() - unsavedSince > NOTICEABLE;
    if (count > 0 && !noticed) timer = window.setTimeout(draw, NOTICEABLE + 10);
    const words = wordsFor(session, count, noticed, readOnly);
    pill.dataset.state = session.connection;
    pill.dataset.saved = String(count === 0);
    if (text.textContent !== words) text.textContent = words;
    pill.dataset.word = shortWord(session, noticed, readOnly);
    offline.checked = session.offline;
  };
  session.onchange = draw;
  offline.addEventListener('change', () => (offline.checked ? session.goOffline() : void session.goOnline()));
  mountFigures(session);
  draw();
}

function wordsFor(session: Session, count: number, noticed: boolean, readOnly: boolean): string {
  const waiting = count === 0 ? '' : count === 1 ? ', 1 change waits' : `, ${count} changes wait`;
  if (session.offline) return `Offline${waiting}`;
  if (session.refusal) return `Refused: ${session.refusal}`;
  if (session.connection === 'connecting') return (session.everConnected ? 'Reconnecting' : 'Connecting') + (waiting || '…');
  if (readOnly) return 'Live';
  return noticed ? 'Saving…' : 'All changes saved';
}

/** For a screen that has room for one word. */
function shortWord(session: Session, noticed: boolean, readOnly: boolean): string {
  if (session.offline) return 'Offline';
  if (session.refusal) return 'Refused';
  if (session.connection === 'connecting') return 'Joining';
  if (readOnly) return 'Live';
  return noticed ? 'Saving' : 'Saved';
}

function mountFigures(session: Session): void {
  const trip = find('#figure-trip');
  const rate = find('#figure-rate');
  const size = find('#figure-size');
  let updates = 0;
  let changed = true;
  let sizedAt = -Infinity;
  session.doc.on('update', () => {
    updates++;
    changed = true;
  });
  setInterval(() => {
    rate.textContent = `${updates}/s`;
    updates = 0;
    const milliseconds = session.unsaved.roundTrip;
    trip.textContent = milliseconds === null ? '–' : `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
    // Encoding the whole document is the one figure that costs something.
    if (changed && performance.now() - sizedAt > 3000) {
      changed = false;
      sizedAt = performance.now();
      size.textContent = bytes(session.documentSize());
    }
  }, 1000);
}

function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  return count < 1_000_000 ? `${(count / 1000).toFixed(1)} kB` : `${(count / 1_000_000).toFixed(2)} MB`;
}
