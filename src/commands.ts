/** All commands by name; each is loaded when it runs, all of them only in the build. */
import type {CommandClass} from './lib/cli/glance-command.js'

/** The module of a command. */
type CommandModule = Promise<{readonly default: CommandClass}>

/** Loaders of the commands, in the order of help. */
const COMMANDS: Readonly<Record<string, () => CommandModule>> = {
  add: () => import('./commands/add.js'),
  update: () => import('./commands/update.js'),
  delete: () => import('./commands/delete.js'),
  index: () => import('./commands/index.js'),
  details: () => import('./commands/details.js'),
  show: () => import('./commands/show.js'),
  download: () => import('./commands/download.js'),
  copy: () => import('./commands/copy.js'),
  wait: () => import('./commands/wait.js'),
  clear: () => import('./commands/clear.js'),
  'image-members': () => import('./commands/members/image-members.js'),
  'member-images': () => import('./commands/members/member-images.js'),
  'member-add': () => import('./commands/members/member-add.js'),
  'member-delete': () => import('./commands/members/member-delete.js'),
  'members-replace': () => import('./commands/members/members-replace.js'),
  'member-update': () => import('./commands/members/member-update.js'),
  deactivate: () => import('./commands/operations/deactivate.js'),
  reactivate: () => import('./commands/operations/reactivate.js'),
  stage: () => import('./commands/operations/stage.js'),
  'store-list': () => import('./commands/operations/store-list.js'),
  'store-copy': () => import('./commands/operations/store-copy.js'),
  'store-delete': () => import('./commands/operations/store-delete.js'),
  'image-tasks': () => import('./commands/operations/image-tasks.js'),
  task: () => import('./commands/operations/task.js'),
  usage: () => import('./commands/operations/usage.js'),
  completion: () => import('./commands/completion.js'),
  'auth-info': () => import('./commands/auth-info.js'),
  serve: () => import('./commands/serve.js'),
}

/** Loads a command. @throws Error for a name that `main` should have refused */
export async function loadCommand(name: string): Promise<CommandClass> {
  const load = COMMANDS[name]
  if (load === undefined) throw new Error(`unknown command ${name}`)
  return (await load()).default
}

/** Every command by name, loaded. */
export async function loadAllCommands(): Promise<Record<string, CommandClass>> {
  const loaded = Object.entries(COMMANDS).map(async ([name, load]) => [name, (await load()).default] as const)
  return Object.fromEntries(await Promise.all(loaded))
}
