/** The words that the current word of a command line can be completed to, with descriptions. */
import type {Io} from '../../io/io.js'
import {escapeControls} from '../../work/output/text.js'
import type {KnownImage, ListedKind} from './image-cache.js'
import type {Place} from './place.js'
import type {CompletionTable, TableField, Values} from './table.js'

/** A possible word. */
export interface Candidate {
  readonly text: string
  readonly description?: string
}

/** What an answer is made from: the rest of the command line, and sources that are read when they are needed. */
export interface Sources {
  readonly table: CompletionTable
  readonly io: Pick<Io, 'cwd' | 'env' | 'home' | 'platform'>
  /** The images or the stores of the service that the command line selects. */
  fetch(kind: ListedKind): Promise<readonly KnownImage[]>
}

/**
 * All candidates for the current word, which begin with its prefix but not always with what was typed.
 * @param current the word up to the cursor
 */
export async function listCandidates(
  place: Place,
  current: string,
  sources: Sources,
): Promise<readonly Candidate[]> {
  const {table} = sources
  if (place.expects === 'command') return describe(commandDescriptions(table))
  if (place.expects === 'flag') return listFlags(place, table)
  const {prefix, values} = place
  const typed = current.slice(prefix.length)
  const list = values.isList ? typed.slice(0, typed.lastIndexOf(',') + 1) : ''
  const found = await listValues(values, typed.slice(list.length), place, sources)
  const chosen = list.split(',')
  return found
    .filter(({text}) => list === '' || !chosen.includes(text))
    .filter(isVisible)
    .map(({text, ...rest}) => ({text: prefix + list + text, ...rest}))
}

/** False for a text that cannot be shown as it is, and so could not be typed either. */
function isVisible({text}: Candidate): boolean {
  return escapeControls(text) === text
}

function describe(descriptions: Readonly<Record<string, string>>): Candidate[] {
  return Object.entries(descriptions).map(([text, description]) => ({text, description}))
}

function commandDescriptions({commands}: CompletionTable): Record<string, string> {
  const rows = Object.entries(commands).map(([name, {description}]) => [name, description])
  return {...Object.fromEntries(rows), help: 'Show help for a command or a field'}
}

/** The flags of the command, except those that are given and cannot be repeated. */
function listFlags({command, flags}: Place, table: CompletionTable): Candidate[] {
  const names = command === undefined ? table.globalFlags : (table.commands[command]?.flags ?? [])
  const free = names.filter(name => !flags.has(name) || table.flags[name]?.isRepeatable)
  const rows = free.map(name => ({text: `--${name}`, description: table.flags[name]?.description ?? ''}))
  return [...rows, {text: '--help', description: 'Print help'}]
}

async function listValues(
  {choices, source}: Values,
  typed: string,
  place: Place,
  {table, io, fetch}: Sources,
): Promise<readonly Candidate[]> {
  if (choices !== undefined) return choices.map(text => ({text}))
  if (source === 'cloud') return listClouds(io)
  if (source === 'topic') return describe(table.topics)
  if (source === 'image') return listImages(await fetch('images'), typed, place.args)
  if (source === 'copy') {
    const targets = (await listClouds(io)).map(({text}) => ({text: `${text}:`, description: 'cloud'}))
    return [...listImages(await fetch('images'), typed, place.args), ...targets]
  }
  if (source === 'store') return listStores(await fetch('stores'), place.args)
  if (source === 'add' || source === 'update' || source === 'filter')
    return listFields(table.fields[source], typed, place.args)
  return []
}

async function listClouds(io: Sources['io']): Promise<Candidate[]> {
  const {listCloudNames} = await import('../../identity/clouds/find-cloud.js')
  return (await listCloudNames(io)).map(text => ({text}))
}

/** The stores that are not given. */
function listStores(stores: readonly KnownImage[], args: readonly string[]): Candidate[] {
  return stores.filter(({id}) => !args.slice(1).includes(id)).map(({id}) => ({text: id}))
}

/** `name=` for each field that is not given, or the values after `name=`. */
function listFields(
  fields: Readonly<Record<string, TableField>>,
  typed: string,
  args: readonly string[],
): Candidate[] {
  const [, name] = /^([^=]+)=/.exec(typed) ?? []
  if (name !== undefined) {
    const key = Object.keys(fields).find(each => each === name.toLowerCase().replaceAll('-', '_')) ?? name
    const choices = Object.hasOwn(fields, key) ? (fields[key]?.choices ?? []) : []
    return choices.map(choice => ({text: `${name}=${choice}`}))
  }
  const given = new Set(args.map(arg => arg.split('=')[0]))
  return Object.entries(fields)
    .filter(([field]) => !given.has(field))
    .map(([field, {description}]) => ({text: `${field}=`, description}))
}

/**
 * The names of images; and their ids, once part of one may be typed. An image whose name is empty, shared with another
 * image, or like a flag is listed by its id at once.
 */
function listImages(images: readonly KnownImage[], typed: string, args: readonly string[]): Candidate[] {
  const counts = new Map<string, number>()
  for (const {name} of images) counts.set(name, (counts.get(name) ?? 0) + 1)
  return images
    .filter(({id, name}) => !args.includes(id) && !args.includes(name))
    .flatMap(({id, name, status}) => {
      const shown = escapeControls(name)
      const byId = {text: id, description: `${shown}, ${escapeControls(status)}`}
      const isNamed = shown === name && /^[^-]/.test(name) && counts.get(name) === 1
      if (!isNamed) return [byId]
      const byName = {text: name, description: `${id}, ${escapeControls(status)}`}
      return typed === '' ? [byName] : [byName, byId]
    })
}
