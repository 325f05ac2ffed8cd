import { Editor, Extension } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { Highlight } from '@tiptap/extension-highlight';
import { TaskItem, TaskList } from '@tiptap/extension-list';
import { Placeholder } from '@tiptap/extensions';
import StarterKit from '@tiptap/starter-kit';
import { yCursorPlugin } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import type { Doc } from 'yjs';
import { find, make } from './dom';
import { icon } from './icons';
import { shownColour, shownName } from './identity';

/** The others' cursors: a thin line with a name that fades when it rests. */
const carets = (awareness: Awareness) =>
  Extension.create({
    name: 'carets',
    priority: 999,
    addProseMirrorPlugins: () => [
      yCursorPlugin(awareness, {
        cursorBuilder: (user: { name?: unknown; color?: unknown }, client: number) => {
          const caret = make('span', 'caret', { style: `--c:${shownColour(user.color)}`, 'data-client': String(client) });
          const label = make('span', 'caret-label');
          label.textContent = shownName(user.name);
          // The word joiners keep the browser from breaking a line at the caret.
          caret.append('\u2060', label, '\u2060');
          return caret;
        },
        selectionBuilder: (user: { color?: unknown }) => ({
          class: 'their-selection',
          style: `--c:${shownColour(user.color)}`,
        }),
      }),
    ],
  });

/** Brings back the names of those who moved. ProseMirror keeps the elements, so the fading must be begun again. */
function wakeNames(awareness: Awareness): void {
  const seen = new Map<number, string>();
  awareness.on('change', () => {
    for (const [client, state] of awareness.getStates()) {
      const cursor = JSON.stringify(state.cursor ?? null);
      if (seen.get(client) === cursor) continue;
      seen.set(client, cursor);
      document.querySelectorAll(`.caret[data-client="${client}"] .caret-label`).forEach((label) =>
        label.getAnimations().forEach((fading) => {
          fading.cancel();
          fading.play();
        }),
      );
    }
    for (const client of seen.keys()) if (!awareness.getStates().has(client)) seen.delete(client);
  });
}

export function mountEditor(doc: Doc, awareness: Awareness, readOnly: boolean): Editor {
  const editor = new Editor({
    element: find('[data-testid=editor]'),
    editable: !readOnly,
    editorProps: { attributes: { 'aria-label': 'Shared text', spellcheck: 'false' } },
    extensions: [
      // Collaboration brings an undo of one's own changes. A reader must not repair the text, not even its last line.
      StarterKit.configure({ undoRedo: false, trailingNode: readOnly ? false : {}, link: { openOnClick: readOnly } }),
      Highlight,
      TaskList,
      TaskItem.configure({ nested: true }),
      Placeholder.configure({
        placeholder: readOnly ? 'Nothing written yet.' : 'Write something. Everyone in this room sees every keystroke.',
        showOnlyWhenEditable: false,
      }),
      Collaboration.configure({ document: doc, field: 'text' }),
      carets(awareness),
    ],
  });
  wakeNames(awareness);
  if (!readOnly) mountToolbar(editor);
  return editor;
}

interface Tool {
  icon?: string;
  text?: string;
  title: string;
  run(editor: Editor): void;
  active?(editor: Editor): boolean;
  possible?(editor: Editor): boolean;
}

const TOOLS: (Tool | null)[] = [
  { text: 'H1', title: 'Title', run: (e) => e.chain().focus().toggleHeading({ level: 1 }).run(), active: (e) => e.isActive('heading', { level: 1 }) },
  { text: 'H2', title: 'Heading', run: (e) => e.chain().focus().toggleHeading({ level: 2 }).run(), active: (e) => e.isActive('heading', { level: 2 }) },
  null,
  { icon: 'bold', title: 'Bold', run: (e) => e.chain().focus().toggleBold().run(), active: (e) => e.isActive('bold') },
  { icon: 'italic', title: 'Italic', run: (e) => e.chain().focus().toggleItalic().run(), active: (e) => e.isActive('italic') },
  { icon: 'strike', title: 'Strike through', run: (e) => e.chain().focus().toggleStrike().run(), active: (e) => e.isActive('strike') },
  { icon: 'mark', title: 'Highlight', run: (e) => e.chain().focus().toggleHighlight().run(), active: (e) => e.isActive('highlight') },
  { icon: 'code', title: 'Code', run: (e) => e.chain().focus().toggleCode().run(), active: (e) => e.isActive('code') },
  null,
  { icon: 'bullets', title: 'Bullet list', run: (e) => e.chain().focus().toggleBulletList().run(), active: (e) => e.isActive('bulletList') },
  { icon: 'numbers', title: 'Numbered list', run: (e) => e.chain().focus().toggleOrderedList().run(), active: (e) => e.isActive('orderedList') },
  { icon: 'tasks', title: 'Tasks', run: (e) => e.chain().focus().toggleTaskList().run(), active: (e) => e.isActive('taskList') },
  { icon: 'quote', title: 'Quote', run: (e) => e.chain().focus().toggleBlockquote().run(), active: (e) => e.isActive('blockquote') },
  null,
  { icon: 'undo', title: 'Undo what I did', run: (e) => e.chain().focus().undo().run(), possible: (e) => e.can().undo() },
  { icon: 'redo', title: 'Redo', run: (e) => e.chain().focus().redo().run(), possible: (e) => e.can().redo() },
];

function mountToolbar(editor: Editor): void {
  const bar = find('[data-testid=toolbar]');
  const updates: (() => void)[] = [];
  for (const tool of TOOLS) {
    if (tool === null) {
      bar.append(make('span', 'gap'));
      continue;
    }
    const button = make('button', tool.text ? 'tool lettered' : 'tool', {
      type: 'button',
      title: tool.title,
      'aria-label': tool.title,
      'data-testid': `tool-${(tool.icon ?? tool.text!).toLowerCase()}`,
    });
    button.innerHTML = tool.text ?? icon(tool.icon!);
    // The text keeps its focus, and the phone its keyboard.
    button.addEventListener('pointerdown', (event) => event.preventDefault());
    button.addEventListener('click', () => tool.run(editor));
    bar.append(button);
    updates.push(() => {
      if (tool.active) button.setAttribute('aria-pressed', String(tool.active(editor)));
      if (tool.possible) button.disabled = !tool.possible(editor);
    });
  }
  let asked = false;
  const update = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      if (!editor.isDestroyed) updates.forEach((each) => each());
    });
  };
  editor.on('transaction', update);
  update();
}
