// Writes the golden files: histories with the answers of Yjs, so that the proof also runs without Node.
//   npm ci && npm run golden
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { documentAnswers } from './document.mjs'
import { caseOf, linesOf } from './judge.mjs'

console.log = console.warn = console.error = () => {}

const folder = new URL('../resources/golden/', import.meta.url)
mkdirSync(folder, { recursive: true })

const cases = []
for (let seed = 1; cases.length < 60; seed++) {
  const lines = linesOf(caseOf(seed))
  if (lines.join('').length < 12_000) cases.push(lines)
}
writeFileSync(new URL('histories.txt', folder), cases.flat().join('\n') + '\n')

const documents = []
for (let seed = 1; documents.length < 60; seed++) {
  const lines = documentAnswers.document(seed)
  if (lines.join('').length < 12_000) documents.push([`seed ${seed}`, ...lines])
}
writeFileSync(new URL('documents.txt', folder), documents.flat().join('\n') + '\n')

for (const name of ['automerge-paper', 'sveltecomponent', 'friendsforever']) {
  execFileSync('node', ['traces.mjs', name, new URL(`traces/${name}.bin.gz`, folder).pathname, '2000'], { cwd: import.meta.dirname })
}
