/** The element that the page is built with; a missing one is a mistake in index.html. */
export function find<T extends HTMLElement>(selector: string): T {
  const element = document.querySelector<T>(selector);
  if (!element) throw new Error(`index.html has no ${selector}`);
  return element;
}

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  attributes: Record<string, string> = {},
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

let toastTimer = 0;

/** One short sentence at the lower edge, gone after a moment. */
export function toast(text: string): void {
  const element = find('.toast');
  element.textContent = text;
  element.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = window.setTimeout(() => (element.hidden = true), 2600);
}

/** What this browser keeps between visits. Storage may be forbidden; then nothing is kept. */
export const keep = {
  get(name: string): string | null {
    try {
      return localStorage.getItem(`weft.${name}`);
    } catch {
      return null;
    }
  },
  set(name: string, value: string): void {
    try {
      localStorage.setItem(`weft.${name}`, value);
    } catch {
      // Then it lasts as long as the tab.
    }
  },
};

/** Buttons with data-popover open the card of that id; a click elsewhere or Escape closes it. */
export function wirePopovers(): void {
  const buttons = [...document.querySelectorAll<HTMLElement>('[data-popover]')];
  const cards = buttons.map((button) => find(`#${button.dataset.popover}`));
  const show = (shown: HTMLElement | null) => {
    cards.forEach((card, i) => {
      card.hidden = card !== shown;
      buttons[i]!.setAttribute('aria-expanded', String(card === shown));
    });
  };
  buttons.forEach((button, i) => {
    button.setAttribute('aria-expanded', 'false');
    button.addEventListener('click', () => show(cards[i]!.hidden ? cards[i]! : null));
  });
  document.addEventListener('pointerdown', (event) => {
    const inside = (element: HTMLElement) => element.contains(event.target as Node);
    if (!cards.some(inside) && !buttons.some(inside)) show(null);
  });
  document.addEventListener('keydown', (event) => {
    const open = cards.findIndex((card) => !card.hidden);
    if (event.key === 'Escape' && open >= 0) {
      show(null);
      buttons[open]!.focus();
    }
  });
}
