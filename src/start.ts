/** The processes of the package. That of the tool prints the version at once, and loads the rest of the tool for anything else. */
import {writeSync} from 'node:fs'
import {readVersion} from './lib/cli/version.js'
import {keepCompiledCode} from './lib/io/code/code-cache.js'
import {homeFolder} from './lib/io/home-folder.js'

const STDOUT = 1

/** Runs the command line of this process, and ends it. */
export async function start(process: NodeJS.Process): Promise<void> {
  const argv = process.argv.slice(2)
  if (argv.length === 1 && argv[0] === '--version' && printVersion()) return
  const home = homeFolder(process)
  const user = {env: process.env, home, uid: process.geteuid?.()}
  const save = keepCompiledCode(user, import.meta.dirname)
  process.on('exit', code => {
    // A command that fails may have compiled only a part of a file, and later ones would find no more.
    if (code === 0) save()
  })
  // The command framework asks the system for the home folder, which fails for a user without an entry.
  if (home === '') process.env['HOME'] = ''
  try {
    const {startAgain, systemIo} = await import('./lib/io/system-io.js')
    // Completion runs while a line is typed, and must not load what commands need.
    if (argv[0] === '__complete') {
      const {complete} = await import('./complete.js')
      process.exit(await complete(argv.slice(1), systemIo(), startAgain))
    }
    const {main} = await import('./main.js')
    process.exit(await main(argv, systemIo()))
  } catch (error) {
    const {message} = error as Error
    process.stderr.write(
      `glance: cannot start\n  ${message}\n  Check the installation and the limit of open files (ulimit -n).\n`,
    )
    process.exit(1)
  }
}

/** Runs the command line of this process as that of `glance-manage`, and ends it. */
export async function startManage(process: NodeJS.Process): Promise<void> {
  const [{systemIo}, {manage}] = await Promise.all([import('./lib/io/system-io.js'), import('./manage.js')])
  process.exit(await manage(process.argv.slice(2), systemIo()))
}

/** Runs the command line of this process as that of `glance-api` or `glance-registry`, and ends it. */
export async function startProgram(process: NodeJS.Process, kind: 'api' | 'registry'): Promise<void> {
  const [{systemIo}, {runProgram}] = await Promise.all([
    import('./lib/io/system-io.js'),
    import('./programs/program.js'),
  ])
  process.exit(await runProgram(kind, process.argv.slice(2), systemIo()))
}

/** Runs the command line of this process as that of `glance-control`, and ends it. @param scripts folder of the programs */
export async function startControl(process: NodeJS.Process, scripts: string): Promise<void> {
  const [{systemIo}, {control}] = await Promise.all([
    import('./lib/io/system-io.js'),
    import('./programs/control.js'),
  ])
  process.exit(await control(process.argv.slice(2), systemIo(), {scripts}))
}

/** What a program needs that runs command lines in its own process, as tests of the bundle do. */
export async function loadTool() {
  const [{main}, {BrokenPipe}, {Failure}] = await Promise.all([
    import('./main.js'),
    import('./lib/io/io.js'),
    import('./lib/model/errors.js'),
  ])
  return {main, BrokenPipe, Failure}
}

/** False if the version could not be printed, so that `main` reports why. */
function printVersion(): boolean {
  try {
    writeSync(STDOUT, `glance ${readVersion()}\n`)
    return true
  } catch {
    return false
  }
}
