/** Failures for unknown commands and options, with what was probably meant. */
import {findClosest, suggestField} from '../model/did-you-mean.js'
import {type Failure, usageError} from '../model/errors.js'
import {findField} from '../model/fields.js'
import type {FlagShape, FlagShapes} from './argv.js'
import {flagsOf, type StartTable} from './start-table.js'

/**
 * @param words the name and what follows it: `image list` of another tool is meant as `image-list`
 * @param commands the known names
 * @param topics what else the name may mean
 */
export function unknownCommand(
  words: readonly string[],
  commands: readonly string[],
  topics: readonly string[] = [],
): Failure {
  const [name = ''] = words
  const synonym = [words, words.slice(0, 2), [name]]
    .map(phrase => phrase.join('-').toLowerCase())
    .find(phrase => Object.hasOwn(SYNONYMS, phrase))
  const suggestion = synonym
    ? `Did you mean '${SYNONYMS[synonym]}'?`
    : suggestField(name, [...commands, ...topics], Math.ceil(name.length / 3)).trim()
  return usageError(`unknown ${topics.length > 0 ? 'command or field' : 'command'} '${name}'`, {
    why: suggestion || undefined,
    advice: `Run glance without arguments to see all commands${topics.length > 0 ? ', glance help fields to see all fields' : ''}.`,
  })
}

/** Names of commands in other tools, and of the commands here. */
const SYNONYMS: Readonly<Record<string, string>> = {
  create: 'add',
  upload: 'add',
  'image-create': 'add',
  'image-upload': 'update',
  set: 'update',
  'image-update': 'update',
  rm: 'delete',
  remove: 'delete',
  'image-delete': 'delete',
  list: 'index',
  ls: 'index',
  get: 'download',
  'get-image': 'show',
  'get-images': 'index',
  describe: 'show',
  'describe-images': 'index',
  'images-list': 'index',
  'images-describe': 'show',
  'image-download': 'download',
  save: 'download',
  cp: 'copy',
  'image-list': 'index',
  'image-show': 'show',
  'member-list': 'image-members',
  'member-create': 'member-add',
  'image-add': 'add',
  'image-set': 'update',
  'image-save': 'download',
  'image-remove': 'delete',
  'image-add-project': 'member-add',
  'image-remove-project': 'member-delete',
  'image-member': 'image-members',
  'image-unset': 'update',
  'image-deactivate': 'deactivate',
  'image-reactivate': 'reactivate',
  'image-stage': 'stage',
  'image-import': 'update',
  'image-create-via-import': 'add',
  'stores-info': 'store-list',
  'stores-delete': 'store-delete',
  'image-stores-list': 'store-list',
  'image-task-list': 'image-tasks',
  'image-task-show': 'task',
  'task-show': 'task',
  'task-list': 'image-tasks',
  stores: 'store-list',
  tasks: 'image-tasks',
  quota: 'usage',
}

/** An unknown flag without a command. @param flags all flags */
export function unknownFlag(arg: string, flags: FlagShapes): Failure {
  const [flag = ''] = arg.split('=')
  const name = flag.replace(/^-+/, '')
  const peer = explainPeerFlag(name)
  const suggestion = suggestFlag(name, ['help', 'version', ...Object.keys(flags)], 2)
  return usageError(`unknown option ${flag}`, {
    why: peer ?? (suggestion === undefined ? undefined : `Did you mean --${suggestion}?`),
    advice: 'Run glance help to see the global options.',
  })
}

/** A flag that a command does not take. */
export function foreignFlag(command: string, arg: string, table: StartTable): Failure {
  const [flag = ''] = arg.split('=')
  return usageError(`${command} does not take ${flag}`, {
    why: explainFlag(flag, table),
    advice: `Run glance help ${command} to see its options.`,
  })
}

function explainFlag(spelling: string, table: StartTable): string | undefined {
  const name = spelling.replace(/^--?/, '')
  const peers = explainPeerFlag(name)
  if (peers !== undefined) return peers
  const {flags} = table
  const meant = Object.keys(flags).filter(key => isSpelling(name, key, flags[key]))
  const commands = Object.keys(table.commands).map(command => [command, flagsOf(command, table)] as const)
  const owners = commands.filter(([, own]) => own.some(key => meant.includes(key)))
  if (owners.length > 0) return `it belongs to ${owners.map(([owner]) => owner).join(', ')}`
  const suggestion = suggestFlag(name, [...new Set(commands.flatMap(([, own]) => own))])
  return suggestion === undefined ? undefined : `Did you mean --${suggestion}?`
}

/** A flag that begins like this one, or is close to it; a single letter is close to any short one. */
function suggestFlag(name: string, known: readonly string[], tolerance?: number): string | undefined {
  if (name.length < 2) return undefined
  return known.find(each => name.length > 2 && each.startsWith(name)) ?? findClosest(name, known, tolerance)
}

/** Options of other tools, and what to write here. */
const PEER_FLAGS: Readonly<Record<string, string>> = {
  property: 'a custom property is an argument: write KEY=VALUE',
  'os-image-url': 'write --url URL',
  yes: 'write --force',
  y: 'write --force',
  public: 'write is_public=true',
  private: 'write visibility=private',
  shared: 'write visibility=shared',
  community: 'write visibility=community',
  hidden: 'write os_hidden=true',
  unprotected: 'write protected=false',
  'human-readable': 'write --human',
  long: 'glance details prints all metadata',
  fields: 'write --columns NAME,...',
  jq: 'write --columns NAME,..., or give the output of --format json to jq',
  query: 'write --columns NAME,..., or give the output of --format json to jq',
  filter: 'filters are arguments: write KEY=VALUE',
  filters: 'filters are arguments: write KEY=VALUE',
  'no-headers': 'write --format value',
  noheadings: 'write --format value',
  project: 'write owner=PROJECT',
  'sort-by': 'write --sort KEY',
  'sort-column': 'write --sort KEY',
  'most-recent': 'write --newest',
  latest: 'write --newest',
  'remove-property': 'write --unset KEY',
  'delete-property': 'write --unset KEY',
  'remove-tag': 'write --untag TAG',
  jsonpath: 'write --columns NAME,..., or give the output of --format json to jq',
  template: 'write --columns NAME,..., or give the output of --format json to jq',
}

/** The form of an option of other tools, many of which take a field as an option. */
function explainPeerFlag(name: string): string | undefined {
  const field = findField(name.replaceAll('-', '_'))
  if (field !== undefined)
    return `fields are arguments: write ${field.name}=${field.kind === 'boolean' ? 'true' : 'VALUE'}`
  return Object.hasOwn(PEER_FLAGS, name) ? PEER_FLAGS[name] : undefined
}

/** True if a name, without its dashes, stands for a flag. @param key the long name of the flag */
function isSpelling(name: string, key: string, flag: FlagShape | undefined): boolean {
  return key === name || flag?.char === name || flag?.aliases?.includes(name) === true
}
