/** Completes command lines for shells, with as little loaded as possible; never fails, and prints nothing but its answer. */
import {answerShell} from './lib/cli/completion/answer.js'
import type {ImageFile} from './lib/cli/completion/image-cache.js'
import {SHELLS} from './lib/cli/completion/table.js'
import type {Io} from './lib/io/io.js'

/** Starts this program again, in the background. */
export type StartAgain = (args: readonly string[], env: Io['env']) => Promise<void>

/** The variable with the file and the flags for a refresh. Arguments would show them to other users. */
const VARIABLE = 'GLANCE_COMPLETION_REFRESH'

/** Milliseconds that a refresh may take. */
const REFRESH_MS = 30_000

/**
 * Runs `glance __complete SHELL`, and `glance __complete refresh` in the background.
 * @returns the exit code, always 0
 */
export async function complete([mode]: readonly string[], io: Io, startAgain: StartAgain): Promise<number> {
  try {
    const shell = SHELLS.find(name => name === mode)
    if (shell !== undefined) {
      const startRefresh = (file: ImageFile) =>
        startAgain(['__complete', 'refresh'], {...io.env, [VARIABLE]: JSON.stringify(file)})
      const lines = await answerShell(shell, await readAll(io), io, startRefresh)
      await io.stdout.write(lines.map(line => `${line}\n`).join(''))
    } else if (mode === 'refresh') await refresh(JSON.parse(io.env[VARIABLE] ?? '') as ImageFile, io)
  } catch {
    // A shell has no place for an error while a line is typed.
  }
  return 0
}

async function readAll({stdin}: Io): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stdin.open()) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}

/** Lists the newest images, or the stores, as the commands do, without a terminal to ask on. */
async function refresh({path, kind, flags}: ImageFile, io: Io): Promise<void> {
  const [{main}, {MAX_IMAGES, toKnownImage, writeImages}] = await Promise.all([
    import('./main.js'),
    import('./lib/cli/completion/image-cache.js'),
  ])
  let text = ''
  const silent = {isTerminal: false, columns: undefined, write: async () => {}}
  const count = String(MAX_IMAGES)
  const images = ['index', 'is_public=none', '--max-items', count, '--page-size', count]
  const command = [...(kind === 'stores' ? ['store-list'] : images), '--retries', '0', '--timeout', '10']
  const code = await main([...flags, '--json', ...command], {
    ...io,
    cwd: io.cwd,
    isUnattended: true,
    interrupted: AbortSignal.any([io.interrupted, AbortSignal.timeout(REFRESH_MS)]),
    stdin: {kind: 'nothing', size: undefined, open: io.stdin.open},
    stdout: {
      ...silent,
      write: async data => {
        text += data
      },
    },
    stderr: silent,
  })
  if (code !== 0) return
  const lines = text.split('\n').filter(Boolean)
  await writeImages(
    path,
    lines.flatMap(line => toKnownImage(JSON.parse(line))),
  )
}
