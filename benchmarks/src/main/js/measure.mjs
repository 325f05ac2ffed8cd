// Measures one operation in Yjs: node measure.mjs FOLDER OPERATION DOCUMENT SECONDS [RESULT]
// Prints the median of the repetitions in nanoseconds, and writes what the operation returned to the file RESULT.
// With 0 seconds it is done once, not measured.

import { writeFileSync } from 'node:fs'
import { readDocument } from './files.mjs'
import { operations } from './operations.mjs'

const [folder, name, documentName, seconds, resultFile] = process.argv.slice(2)
if (operations[name] === undefined) throw new Error(`no operation "${name}"`)
const operation = operations[name](readDocument(folder, documentName))

const result = operation()
if (resultFile !== undefined && result !== undefined) writeFileSync(resultFile, result)

const now = () => Number(process.hrtime.bigint())

/** Short operations are done many times in a row, so that the clock does not count. @return the mean of one */
const repeat = times => {
  const start = now()
  for (let i = 0; i < times; i++) operation()
  return (now() - start) / times
}

const budget = Number(seconds) * 1e9
if (budget > 0) {
  // Warm up: at least twice, and for half of the time.
  const start = now()
  let fastest = Math.min(repeat(1), repeat(1))
  for (let times = 1; now() - start < budget / 2;) {
    const mean = repeat(times)
    fastest = Math.min(fastest, mean)
    times = Math.max(1, Math.ceil(budget / 20 / mean))
  }
  // At least three repetitions, each of a twentieth of the time or more.
  const times = Math.max(1, Math.ceil(budget / 20 / fastest))
  const means = []
  const measured = now()
  while (means.length < 3 || now() - measured < budget) means.push(repeat(times))
  means.sort((a, b) => a - b)
  console.log(JSON.stringify({ nanoseconds: means[means.length >> 1], repetitions: means.length, operations: times * means.length }))
}
