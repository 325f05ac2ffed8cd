import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/literata/wght.css';
import '@fontsource-variable/literata/wght-italic.css';
import './style.css';
import { type Address, cleanRoom, formatAddress, newRoomName, parseAddress } from './address';
import { mountBoard } from './board';
import { find, keep, toast, wirePopovers } from './dom';
import { mountEditor } from './editor';
import { fillIcons } from './icons';
import { loadIdentity } from './identity';
import { mountPeople } from './people';
import { findServer, Session } from './session';
import { mountStatus } from './status';

async function start(): Promise<void> {
  const address = parseAddress(location.hash);
  history.replaceState(null, '', formatAddress(address));
  // Another room is another document: starting anew is the simplest way that is surely right.
  window.addEventListener('hashchange', () => location.reload());

  fillIcons(document);
  wirePopovers();
  mountTabs();
  mountRoom(address);

  const identity = loadIdentity();
  const session = new Session(await findServer(), address, identity);
  const { doc, provider } = session;
  mountPeople(provider.awareness, identity, address.readOnly);
  const board = mountBoard(doc, provider.awareness, address.readOnly);
  const editor = mountEditor(doc, provider.awareness, address.readOnly);
  mountStatus(session, address.readOnly);
  mountTheme(() => board.recolour());

  // For tests and for the curious with a console.
  Object.assign(window, { weft: { doc, provider, editor, session, strokeCount: () => board.strokes.count } });
  await session.goOnline();
}

function mountRoom(address: Address): void {
  const go = (to: Address) => (location.hash = formatAddress(to));
  const link = (to: Address) => new URL(formatAddress(to), location.href).href;

  document.title = `${address.room} · Weft`;
  document.body.classList.toggle('reading', address.readOnly);
  find('[data-testid=room-name]').textContent = address.room;
  find('[data-testid=readonly]').hidden = !address.readOnly;
  const name = find<HTMLInputElement>('#goto-name');
  name.value = address.room;
  find('#goto').addEventListener('submit', (event) => {
    event.preventDefault();
    go({ room: cleanRoom(name.value), readOnly: address.readOnly });
  });
  find('#new-room').addEventListener('click', () => go({ room: newRoomName(), readOnly: false }));
  // A window of its own, to be placed beside this one.
  find('#second').addEventListener('click', () => window.open(location.href, '_blank', 'noopener,width=900,height=760'));
  find('#to-edit').addEventListener('click', () => go({ ...address, readOnly: false }));
  find('#share').addEventListener('click', () => void copy(link(address), 'Link copied. Whoever opens it is here with you.'));
  find('#copy-read').addEventListener('click', () => void copy(link({ ...address, readOnly: true }), 'Link for reading copied.'));
}

async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    // Browsers allow the clipboard on https and localhost only; then the link is at least there to be copied by hand.
    window.prompt('Copy this link', text);
  }
}

function mountTabs(): void {
  const main = find('main');
  const tabs = document.querySelectorAll<HTMLElement>('[data-tab]');
  tabs.forEach((tab) =>
    tab.addEventListener('click', () => {
      main.dataset.view = tab.dataset.tab;
      tabs.forEach((each) => each.setAttribute('aria-pressed', String(each === tab)));
    }),
  );
}

function mountTheme(changed: () => void): void {
  const root = document.documentElement;
  const button = find('#theme');
  const apply = () => {
    button.firstElementChild!.setAttribute('data-icon', root.dataset.theme === 'dark' ? 'sun' : 'moon');
    fillIcons(button);
    const colour = getComputedStyle(root).getPropertyValue('--ground').trim();
    document.querySelector('meta[name=theme-color]')?.setAttribute('content', colour);
    changed();
  };
  button.addEventListener('click', () => {
    root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
    keep.set('theme', root.dataset.theme);
    apply();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', (event) => {
    if (keep.get('theme') !== null) return;
    root.dataset.theme = event.matches ? 'dark' : 'light';
    apply();
  });
  apply();
}

void start();
