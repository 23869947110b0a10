/** All commands by name; each is loaded when it runs, all of them only for help. */
import type {CommandClass} from './lib/cli/glance-command.js'

/** The module of a command. */
type CommandModule = Promise<{readonly default: CommandClass}>

/** Loaders of the commands, in the order of help. */
export const COMMANDS: Readonly<Record<string, () => CommandModule>> = {
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

/** Names of these commands in other tools, for the hint after an unknown command. */
export const SYNONYMS: Readonly<Record<string, string>> = {
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

/** Every command by name, loaded. */
export async function loadAllCommands(): Promise<Record<string, CommandClass>> {
  const loaded = Object.entries(COMMANDS).map(async ([name, load]) => [name, (await load()).default] as const)
  return Object.fromEntries(await Promise.all(loaded))
}
