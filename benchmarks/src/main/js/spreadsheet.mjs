// Spreadsheets as real applications keep them in Yjs, in two shapes that are both common:
//
//   sheets: Y.Map
//     grid:  Y.Map { name, rows: Y.Array of rows }        a row: Y.Map column -> cell    a cell: Y.Map { v, f?, s? }
//     table: Y.Map { name, order: Y.Array of row ids,
//                    rows: Y.Map row id -> row }          a row: Y.Map column -> cell    a cell: plain object { v, f?, s? }
//
// Two replicas are edited by many sessions, one client id each, and exchange what they did after each round, so that there are
// concurrent writes. Contents are kept when they are deleted, as in the merged updates of a server.

import * as Y from 'yjs'
import { randomFrom } from './random.mjs'

const COLUMNS = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L']
const WORDS = ['Rent', 'Salary', 'Zürich', 'open', 'done', 'Müller GmbH', 'paid', 'Q3 forecast', 'n/a', '合計', 'travel', 'über',
  'licence', 'refund', 'see notes', 'ok 👍', 'invoice', 'Łódź', 'estimate', 'hardware']
const STYLES = ['bold', 'money', 'date', 'warn']

const value = random => {
  const kind = random.real()
  if (kind < 0.35) return random.int(5000)
  if (kind < 0.55) return Math.round(random.real() * 1e6) / 100
  if (kind < 0.9) return `${random.pick(WORDS)} ${random.int(1000)}`
  if (kind < 0.95) return random.chance(0.5)
  return null
}

const formula = random => `=SUM(${random.pick(COLUMNS)}${1 + random.int(900)}:${random.pick(COLUMNS)}${1 + random.int(900)})`

const plainCell = random => {
  const cell = { v: value(random) }
  if (random.chance(0.1)) cell.f = formula(random)
  if (random.chance(0.2)) cell.s = random.pick(STYLES)
  return cell
}

const mapCell = random => new Y.Map(Object.entries(plainCell(random)))

const newRow = (random, cell) => new Y.Map(COLUMNS.filter(() => random.chance(0.9)).map(column => [column, cell(random)]))

const newId = random => random.int(0x7fffffff).toString(36)

const grid = doc => doc.getMap('sheets').get('grid').get('rows')
const table = doc => doc.getMap('sheets').get('table')

const addRow = (doc, random) => {
  if (random.chance(0.5)) {
    const rows = grid(doc)
    rows.insert(random.chance(0.9) ? rows.length : random.int(rows.length + 1), [newRow(random, mapCell)])
  } else {
    const id = newId(random)
    table(doc).get('rows').set(id, newRow(random, plainCell))
    table(doc).get('order').push([id])
  }
}

const deleteRow = (doc, random) => {
  if (random.chance(0.5)) {
    if (grid(doc).length > 0) grid(doc).delete(random.int(grid(doc).length))
  } else {
    const order = table(doc).get('order')
    if (order.length > 0) {
      const index = random.int(order.length)
      table(doc).get('rows').delete(order.get(index))
      order.delete(index)
    }
  }
}

/** People mostly edit the same few rows: a number to the third power prefers the first of them. */
const rowNumber = (length, random) => Math.floor(random.real() ** 3 * length)

const editCell = (doc, random) => {
  const column = random.pick(COLUMNS)
  if (random.chance(0.5)) {
    const rows = grid(doc)
    const row = rows.length > 0 ? rows.get(rowNumber(rows.length, random)) : undefined
    const cell = row?.get(column)
    if (row !== undefined && cell === undefined) {
      row.set(column, mapCell(random))
    } else if (cell !== undefined) {
      if (random.chance(0.2)) cell.set('s', random.pick(STYLES))
      else cell.set('v', value(random))
    }
  } else {
    const order = table(doc).get('order')
    const row = order.length > 0 ? table(doc).get('rows').get(order.get(rowNumber(order.length, random))) : undefined
    row?.set(column, plainCell(random))
  }
}

const edit = (doc, random) => {
  const kind = random.real()
  if (kind < 0.9) editCell(doc, random)
  else if (kind < 0.95) addRow(doc, random)
  else deleteRow(doc, random)
}

const begin = doc => {
  doc.getMap('sheets').set('grid', new Y.Map([['name', 'Budget'], ['rows', new Y.Array()]]))
  doc.getMap('sheets').set('table', new Y.Map([['name', 'Orders'], ['order', new Y.Array()], ['rows', new Y.Map()]]))
}

/**
 * @param {number} bytes about the size of the document
 * @param {boolean} churned whether most of it was written by editing what was there: cells overwritten many times, rows deleted; else it is
 *     imported, and little was edited since
 * @param {number} pendingCount updates by other clients, one edit each
 * @return {{update: Uint8Array, pending: Uint8Array[]}}
 */
export const spreadsheet = (seed, bytes, churned, pendingCount) => {
  const random = randomFrom(seed)
  const [left, right] = [new Y.Doc({ gc: false }), new Y.Doc({ gc: false })]
  const outbox = new Map([[left, []], [right, []]])
  let written = 0
  outbox.forEach((updates, doc) => doc.on('update', (update, origin) => {
    if (origin !== 'sync') {
      updates.push(update)
      written += update.length
    }
  }))
  const sync = () => {
    for (const [from, to] of [[left, right], [right, left]]) {
      const updates = outbox.get(from)
      if (updates.length > 0) Y.applyUpdate(to, Y.mergeUpdates(updates), 'sync')
      updates.length = 0
    }
  }

  left.clientID = random.clientId()
  left.transact(() => begin(left))
  // Many small updates take more bytes than the document that they make.
  const enough = bytes * (churned ? 1.28 : 1.01)
  const imported = bytes * (churned ? 0.15 : 0.97)
  while (written < imported) {
    left.transact(() => {
      for (let i = 0; i < 50; i++) addRow(left, random)
    })
  }
  sync()
  while (written < enough) {
    // Two people at once for some minutes, then they come back with new sessions.
    for (const doc of [left, right]) {
      doc.clientID = random.clientId()
      for (let i = 0; i < 1000 && written < enough; i++) doc.transact(() => edit(doc, random))
    }
    sync()
  }

  const update = Y.encodeStateAsUpdate(left)
  const sessions = Array.from({ length: 10 }, () => random.clientId())
  const pending = outbox.get(left)
  while (pending.length < pendingCount) {
    left.clientID = random.pick(sessions)
    left.transact(() => edit(left, random))
  }
  return { update, pending: pending.slice() }
}
