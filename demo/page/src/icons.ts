// Drawn for this page on a 20 × 20 grid, stroked in the colour of the text.
const paths: Record<string, string> = {
  bold: 'M6 4h4.700a3 3 0 0 1 0 6H6zM6 10h5.500a3 3 0 0 1 0 6H6z',
  italic: 'M8.5 4H14M6 16h5.500M12 4 8.5 16',
  strike: 'M4 10h12M13.5 6.200C13 4.8 11.7 4 10 4 8 4 6.5 5 6.5 6.700c0 .9.4 1.6 1.1 2.100M6.3 13.500C6.8 15.1 8.2 16 10 16c2.1 0 3.6-1.1 3.6-2.8 0-.4-.1-.8-.2-1.1',
  code: 'm7 6-4 4 4 4M13 6l4 4-4 4',
  mark: 'm4 16 1.2-4L13 4.200a1.7 1.7 0 0 1 2.4 0l.4.400a1.7 1.7 0 0 1 0 2.400L8 14.800zM11 16.500h6',
  bullets: 'M8 5h9M8 10h9M8 15h9M3.5 5h.01M3.5 10h.01M3.5 15h.01',
  numbers: 'M9 5h8M9 10h8M9 15h8M3 3.800l1.3-.6V7M3 12.600c.3-.6.8-.9 1.3-.9.7 0 1.2.4 1.2 1 0 1.2-2.5 1.9-2.5 3.600h2.6',
  tasks: 'm3 5.2 1.2 1.200L6.6 4M3 13.200l1.2 1.200L6.6 12M10 5.500h7M10 13.500h7',
  quote: 'M4 4v12M8 6h9M8 10h9M8 14h6',
  undo: 'M7 4 3.5 7.5 7 11M4 7.500h7.500a4.5 4.5 0 0 1 0 9H9',
  redo: 'm13 4 3.5 3.500L13 11M16 7.500H8.500a4.5 4.5 0 0 0 0 9H11',
  eraser: 'm8.2 16.5-4.7-4.700a1.5 1.5 0 0 1 0-2.100l6.2-6.200a1.5 1.5 0 0 1 2.1 0l4.2 4.200a1.5 1.5 0 0 1 0 2.100l-6.7 6.700zM8.2 16.500H17M6.8 6.500l6.5 6.5',
  trash: 'M4 5.500h12M8 5.500V4a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1v1.500M5.5 5.500l.6 10a1.5 1.5 0 0 0 1.5 1.500h4.800a1.5 1.5 0 0 0 1.5-1.500l.6-10M8.5 9v4.500M11.5 9v4.5',
  pen: 'm3.5 16.5.9-3.600L13.6 3.700a1.5 1.5 0 0 1 2.1 0l.6.600a1.5 1.5 0 0 1 0 2.100l-9.2 9.200zM11.8 5.500l2.7 2.7',
  spark: 'M10 2.500c.5 4.3 2.9 6.9 7.5 7.5-4.6.6-7 3.2-7.5 7.5-.5-4.3-2.9-6.9-7.5-7.5 4.6-.6 7-3.2 7.5-7.500z',
  link: 'M8.3 11.700a3.2 3.2 0 0 0 4.5 0l2.7-2.700a3.2 3.2 0 0 0-4.5-4.500l-.9.900M11.7 8.300a3.2 3.2 0 0 0-4.5 0L4.5 11A3.2 3.2 0 0 0 9 15.500l.9-.9',
  chevron: 'm6 8 4 4 4-4',
  plus: 'M10 4v12M4 10h12',
  eye: 'M2 10s3-5.5 8-5.5 8 5.5 8 5.5-3 5.5-8 5.500S2 10 2 10zM10 12.300a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.600z',
  sun: 'M10 13.300a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.600zM10 2.500v1.300M10 16.200v1.300M2.5 10h1.300M16.2 10h1.300M4.7 4.700l.9.900M14.4 14.400l.9.900M4.7 15.300l.9-.9M14.4 5.600l.9-.9',
  moon: 'M16.5 11.800A7 7 0 0 1 8.2 3.500a7 7 0 1 0 8.3 8.300z',
  window: 'M8 4H5a1.5 1.5 0 0 0-1.5 1.5v9A1.5 1.5 0 0 0 5 16h10a1.5 1.5 0 0 0 1.5-1.5V12M11.5 3.5h5v5M16.5 3.5 9.5 10.5',
  text: 'M4 5h12M4 10h12M4 15h7',
};

export function icon(name: string): string {
  return `<svg viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"><path d="${paths[name]}"/></svg>`;
}

/** Fills every `<i data-icon="…">` of the static page. */
export function fillIcons(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-icon]')) {
    element.innerHTML = icon(element.dataset.icon!);
  }
}
