import type { Awareness } from 'y-protocols/awareness';
import { find, make } from './dom';
import { COLOURS, type Identity, initials, saveIdentity, shownColour, shownName } from './identity';

export interface Person {
  client: number;
  name: string;
  color: string;
  reading: boolean;
}

const FACES = matchMedia('(max-width: 520px)').matches ? 2 : 4;

/** Everyone whom awareness knows; ourselves first. */
export function peopleOf(awareness: Awareness): Person[] {
  const people = [...awareness.getStates()]
    .filter(([, state]) => state.user)
    .map(([client, state]) => ({
      client,
      name: shownName(state.user.name),
      color: shownColour(state.user.color),
      reading: state.reading === true,
    }));
  return people.sort((a, b) => Number(b.client === awareness.clientID) - Number(a.client === awareness.clientID) || a.client - b.client);
}

/** The faces in the bar, and the card with one's own name and colour. */
export function mountPeople(awareness: Awareness, identity: Identity, readOnly: boolean): void {
  const faces = find('[data-testid=people]');
  const others = find('[data-testid=others]');
  const name = find<HTMLInputElement>('#my-name');
  const colours = find('#my-colours');

  const guise = new Guise(awareness, identity);
  const announce = () => {
    awareness.setLocalStateField('user', { name: guise.name, color: guise.color });
    awareness.setLocalStateField('reading', readOnly);
    document.documentElement.style.setProperty('--me', guise.color);
  };
  guise.onchange = announce;

  name.value = identity.name;
  name.addEventListener('input', () => {
    identity.name = shownName(name.value);
    saveIdentity(identity);
    announce();
  });
  name.addEventListener('keydown', (event) => event.key === 'Enter' && name.blur());

  for (const color of COLOURS) {
    const swatch = make('button', 'swatch', { type: 'button', role: 'radio', 'aria-label': color, style: `--c:${color}` });
    swatch.addEventListener('click', () => {
      identity.color = color;
      saveIdentity(identity);
      announce();
      mark();
    });
    colours.append(swatch);
  }
  const mark = () =>
    colours.querySelectorAll('.swatch').forEach((swatch, i) => swatch.setAttribute('aria-checked', String(COLOURS[i] === identity.color)));
  mark();

  let drawn = '';
  const draw = () => {
    const people = peopleOf(awareness);
    // Awareness changes with every movement of a pointer; the list seldom does.
    const now = JSON.stringify(people);
    if (now === drawn) return;
    drawn = now;
    const shown = people.slice(0, people.length === FACES + 1 ? FACES + 1 : FACES);
    faces.replaceChildren(...shown.map((person) => faceInBar(person, person.client === awareness.clientID)));
    if (people.length > FACES + 1) {
      const more = make('span', 'face more');
      more.textContent = `+${people.length - FACES}`;
      faces.append(more);
    }
    faces.setAttribute('aria-label', `${people.length} here`);
    faces.dataset.count = String(people.length);
    const rest = people.filter((person) => person.client !== awareness.clientID);
    others.replaceChildren(...rest.map(line));
    find('#others-title').textContent = rest.length > 0 ? 'Here with you' : 'Nobody else yet. Share the link.';
  };
  awareness.on('change', draw);
  announce();
  draw();
}

/**
 * How this tab appears. A second tab of the same browser is the same person with the same name; so that one who tries
 * the page alone can tell the two apart, the later tab adds a number and takes the next colour.
 */
class Guise {
  onchange: () => void = () => {};
  private number = 1;

  constructor(
    private readonly awareness: Awareness,
    private readonly identity: Identity,
  ) {
    const since = Date.now();
    awareness.setLocalStateField('tab', { id: identity.id, since });
    awareness.on('change', () => {
      const states = [...awareness.getStates()].filter(([client]) => client !== this.awareness.clientID);
      const earlier = states.filter(([, { tab }]) => tab?.id === identity.id && Number(tab?.since) < since);
      // Only ever up: when the first tab leaves, nobody should be renamed.
      if (earlier.length >= this.number) {
        this.number = earlier.length + 1;
        this.onchange();
      }
    });
  }

  get name(): string {
    return this.number === 1 ? this.identity.name : `${this.identity.name} ${this.number}`;
  }

  get color(): string {
    const mine = Math.max(0, COLOURS.indexOf(this.identity.color));
    return this.number === 1 ? this.identity.color : COLOURS[(mine + 3 * (this.number - 1)) % COLOURS.length]!;
  }
}

function face(person: Person, self: boolean): HTMLElement {
  const element = make('span', 'face');
  element.style.setProperty('--c', person.color);
  element.textContent = initials(person.name);
  element.title = self ? `${person.name} (you)` : person.name;
  return element;
}

function faceInBar(person: Person, self: boolean): HTMLElement {
  const element = face(person, self);
  Object.assign(element.dataset, { testid: 'person', name: person.name, self: String(self) });
  return element;
}

function line(person: Person): HTMLElement {
  const element = make('li', '');
  const name = make('span', 'other-name');
  name.textContent = person.name;
  element.append(face(person, false), name);
  if (person.reading) {
    const note = make('span', 'note');
    note.textContent = 'reading';
    element.append(note);
  }
  return element;
}
