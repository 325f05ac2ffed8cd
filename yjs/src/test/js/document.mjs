// What Yjs documents show, step by step: the measure of YDoc. Questions are those of oracle.mjs; YDocTwinTest tells what it asks.
import * as Y from 'yjs'
import { historyOf } from './history.mjs'

const base64 = bytes => Buffer.from(bytes).toString('base64') || '='
const bytes = text => new Uint8Array(Buffer.from(text === '=' ? '' : text, 'base64'))

/** Anything that a document may hold, as JSON with keys in order, so that equal values have equal text. */
const plain = (value, json) => {
  if (value === undefined) return '(undefined)'
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) + 'n'
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Uint8Array) return 'bytes ' + base64(value)
  if (value instanceof Y.Doc) return json ? plain(value.toJSON(), json) : 'document ' + value.guid
  if (value instanceof Y.AbstractType) return plain(value.toJSON(), true)
  if (Array.isArray(value)) return value.map(element => plain(element, json))
  return Object.fromEntries(Object.keys(value).sort((a, b) => (a < b ? -1 : 1)).map(key => ['.' + key, plain(value[key], json)]))
}

const show = (value, json) => JSON.stringify(plain(value, json))

const roots = ['text', 'array', 'map', 'xml']
const rootOf = (doc, name) => ({
  text: () => doc.getText('text'),
  array: () => doc.getArray('array'),
  map: () => doc.getMap('map'),
  xml: () => doc.getXmlFragment('xml')
})[name]()

/** The content of a document. */
const contentOf = doc => show({
  text: doc.getText('text').toDelta(),
  string: doc.getText('text').toString(),
  array: doc.getArray('array').toJSON(),
  map: doc.getMap('map').toJSON(),
  xml: doc.getXmlFragment('xml').toString(),
  pending: doc.store.pendingStructs !== null || doc.store.pendingDs !== null
}, true)

/** Applies the updates of a history to one document, one after the other: the updates that it tells, and what it is in the end. */
const documentOf = (updates, gc) => {
  const doc = new Y.Doc({ gc, guid: 'judge' })
  doc.clientID = 1
  const told = []
  doc.on('update', update => told.push(base64(update)))
  updates.forEach(update => Y.applyUpdate(doc, update))
  const untyped = base64(Y.encodeStateAsUpdate(doc))
  return [told.join(','), untyped, base64(Y.encodeStateVector(doc)), contentOf(doc), base64(Y.encodeStateAsUpdate(doc))]
}

// Twins: documents that do what their Java twins do.

let docs = []
let log = []

const valueOf = json => {
  if (json === null || typeof json !== 'object') return json
  if (Array.isArray(json)) return json.map(valueOf)
  switch (json.$) {
    case 'undefined': return undefined
    case 'bigint': return BigInt(json.v)
    case 'bytes': return bytes(json.v)
    case 'double': return Number(json.v)
    case 'document': return new Y.Doc({ guid: json.guid, gc: json.gc, autoLoad: json.autoLoad, meta: valueOf(json.meta) })
    case 'type': return typeOf(json)
    default: return Object.fromEntries(Object.entries(json.v).map(([key, value]) => [key, valueOf(value)]))
  }
}

const typeOf = ({ kind, name, v }) => {
  const content = valueOf(v)
  switch (kind) {
    case 'text': return new Y.Text(content)
    case 'array': return Y.Array.from(content)
    case 'map': return new Y.Map(Object.entries(content))
    case 'element': {
      const element = new Y.XmlElement(name)
      Object.entries(content).forEach(([key, value]) => element.setAttribute(key, value))
      element.insert(0, [new Y.XmlText('in ' + name)])
      return element
    }
    case 'fragment': return new Y.XmlFragment()
    case 'hook': return new Y.XmlHook(name)
    default: {
      const text = new Y.XmlText(content)
      text.format(0, 2, { strong: { level: 1 } })
      return text
    }
  }
}

const at = (doc, path) => path.slice(1).reduce((type, step) => type.get(step), rootOf(doc, path[0]))

const operations = {
  insert: (type, { index, text, attributes }) => type.insert(index, text, attributes === undefined ? undefined : valueOf(attributes)),
  embed: (type, { index, value, attributes }) => type.insertEmbed(index, valueOf(value), attributes === undefined ? undefined : valueOf(attributes)),
  delete: (type, { index, length }) => type.delete(index, length),
  format: (type, { index, length, attributes }) => type.format(index, length, valueOf(attributes)),
  delta: (type, { steps }) => type.applyDelta(steps.map(valueOf)),
  list: (type, { index, values }) => type.insert(index, values.map(valueOf)),
  push: (type, { values }) => type.push(values.map(valueOf)),
  set: (type, { key, value }) => type.set(key, valueOf(value)),
  remove: (type, { key }) => type.delete(key),
  clear: type => type.clear(),
  setAttribute: (type, { key, value }) => type.setAttribute(key, valueOf(value)),
  removeAttribute: (type, { key }) => type.removeAttribute(key),
  read: (type, { index }) => { log.push(show(type.get(index))) }
}

const eventOf = event => ({
  path: event.path,
  list: event instanceof Y.YTextEvent || event instanceof Y.YXmlEvent ? event.childListChanged : event.transaction.changed.get(event.target).has(null),
  delta: event.delta,
  keys: Object.fromEntries([...event.changes.keys].map(([key, { action, oldValue }]) => [key, { action, oldValue }]))
})

const names = set => [...set].map(doc => doc.guid).sort()

const begin = ({ documents, observe }) => {
  docs = documents.map(({ clientId, gc }) => {
    const doc = new Y.Doc({ gc, guid: 'twin' })
    doc.clientID = clientId
    for (const name of roots) {
      const type = rootOf(doc, name)
      if (observe) type.observeDeep(events => { if (events.length > 0) log.push('events ' + name + ' ' + show(events.map(eventOf))) })
    }
    doc.on('update', update => log.push('update ' + base64(update)))
    doc.on('subdocs', ({ added, loaded, removed }) => {
      log.push('subdocs ' + show([names(added), names(loaded), names(removed)]))
    })
    return { doc, snapshots: [], places: [] }
  })
}

const commands = {
  begin,
  run: ({ document, steps }) => {
    const { doc } = docs[document]
    doc.transact(() => steps.forEach(step => operations[step.do](at(doc, step.at), step)))
  },
  apply: ({ document, update }) => Y.applyUpdate(docs[document].doc, bytes(update), 'remote'),
  state: ({ document }) => {
    const { doc } = docs[document]
    log.push(base64(Y.encodeStateAsUpdate(doc)), base64(Y.encodeStateVector(doc)), contentOf(doc))
  },
  snapshot: ({ document }) => {
    const { doc, snapshots } = docs[document]
    const snapshot = Y.snapshot(doc)
    snapshots.push(snapshot)
    log.push(base64(Y.encodeSnapshot(snapshot)), base64(Y.encodeSnapshotV2(snapshot)))
  },
  past: ({ document, now, then }) => {
    const { doc, snapshots } = docs[document]
    log.push(show(doc.getText('text').toDelta(snapshots[now])))
    log.push(show(doc.getText('text').toDelta(snapshots[now], snapshots[then])))
    const restored = Y.createDocFromSnapshot(doc, snapshots[then], new Y.Doc({ gc: false, guid: 'twin' }))
    log.push(contentOf(restored), base64(Y.encodeStateAsUpdate(restored)))
  },
  place: ({ document, path, index, association }) => {
    const { doc, places } = docs[document]
    const place = Y.createRelativePositionFromTypeIndex(at(doc, path), index, association)
    places.push(place)
    log.push(base64(Y.encodeRelativePosition(place)))
  },
  places: ({ document }) => {
    const { doc, places } = docs[document]
    places.forEach(place => {
      const absolute = Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(Y.encodeRelativePosition(place)), doc)
      log.push(absolute === null ? 'nowhere' : String(absolute.index))
    })
  }
}

export const documentAnswers = {
  document: seed => {
    const { updates } = historyOf(Number(seed))
    return [updates.map(base64).join(','), ...documentOf(updates, true), ...documentOf(updates, false)]
  },
  documentOf: (updates, gc) => documentOf(updates === '' ? [] : updates.split(',').map(bytes), gc === 'true'),
  twin: request => {
    const command = JSON.parse(Buffer.from(request, 'base64').toString())
    log = []
    commands[command.command](command)
    const answer = [...log, 'end']
    return answer
  }
}
