/** Completion in the real shells, each started once; a shell that this machine lacks is skipped. */
import assert from 'node:assert/strict'
import {execFile, execFileSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {mkdir, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {locateImages, writeImages} from '../../src/lib/cli/completion/image-cache.js'
import {readTable} from '../../src/lib/cli/completion/table.js'
import {GLANCE} from '../support/glance-process.js'
import {useTempDir} from '../support/temp-dir.js'

const execute = promisify(execFile)

/** A name that would create files if a shell evaluated it. */
const HOSTILE = 'x$(touch PWNED)`touch PWNED`; touch PWNED'
const NAMES = ['My Image', HOSTILE, `it's "q"`, 'ubuntu-24.04']

function hasShell(shell: string): boolean {
  try {
    execFileSync(shell, ['--version'], {stdio: 'ignore'})
    return true
  } catch {
    return false
  }
}

/** Completes each of the lines that are its arguments, and prints the candidates of each in a line, separated by `|`. */
const BASH = `source <(glance completion bash)
for COMP_LINE; do
  COMP_POINT=\${#COMP_LINE} COMP_WORDS=($COMP_LINE) COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _glance glance
  (IFS='|'; printf '%s\\n' "\${COMPREPLY[*]}")
done`

const FISH = `glance completion fish | source
for line in $argv
  echo (string join '|' -- (complete -C"$line" | string replace -r '\\t.*' ''))
end`

/** Types each line with a tab in a terminal, and prints the lines as they were completed. */
const ZSH = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1=; dump() { print -r -- "$BUFFER" >>lines; BUFFER= }; zle -N dump; bindkey "^T" dump; autoload -Uz compinit; compinit -u -D; glance completion zsh >script; source script; zle-line-init() { print REA""DY >/dev/tty }; zle -N zle-line-init'
zpty -r z seen '*READY*'
for line; do zpty -w -n z "$line"$'\\t\\x14'; done
zpty -w z 'print DO""NE; exit'
zpty -r z seen '*DONE*'
cat lines`

describe('completion in', () => {
  const folder = useTempDir()
  let env: NodeJS.ProcessEnv

  beforeEach(async () => {
    const bin = path.join(folder(), 'bin')
    await mkdir(bin)
    await symlink(GLANCE, path.join(bin, 'glance'))
    await writeFile(path.join(folder(), 'my disk.img'), '')
    env = {
      PATH: `${bin}:${path.dirname(process.execPath)}:${process.env['PATH']}`,
      HOME: folder(),
      OS_IMAGE_URL: 'http://127.0.0.1:1',
      LC_ALL: 'C.UTF-8',
      TERM: 'xterm',
      NODE_DISABLE_COMPILE_CACHE: '1',
    }
    const file = locateImages('images', new Map(), {cwd: folder(), home: folder(), env}, readTable())
    const images = NAMES.map((name, n) => ({
      id: `${n}0000000-0000-4000-8000-000000000000`,
      name,
      status: 'active',
    }))
    await writeImages(file?.path ?? '', images)
  })

  /** What the shell completes each line to, where no other file appeared. */
  async function run(shell: string, args: readonly string[], lines: readonly string[]): Promise<string[]> {
    const {stdout, stderr} = await execute(shell, [...args, ...lines], {cwd: folder(), env})
    assert.equal(stderr, '')
    assert.equal(existsSync(path.join(folder(), 'PWNED')), false)
    return stdout.split('\n').slice(0, -1)
  }

  const LINES = [
    'glance ind',
    'glance index disk_format=q',
    'glance --os-interface=int',
    'glance show ub',
    'glance show x',
    'glance show "My',
    "glance show 'it",
    'glance add na',
  ]

  it('bash', async () => {
    assert.deepEqual(
      await run('bash', ['-c', BASH, 'bash'], [...LINES, 'glance add --file=my', 'glance show 2000']),
      [
        'index',
        'qcow2',
        'internal',
        'ubuntu-24.04',
        String.raw`x\$\(touch\ PWNED\)\`touch\ PWNED\`\;\ touch\ PWNED`,
        'My Image',
        `it'\\''s "q"`,
        'name=',
        '',
        '20000000-0000-4000-8000-000000000000',
      ],
    )
  })

  it('fish', async function () {
    if (!hasShell('fish')) return void this.skip()
    assert.deepEqual(await run('fish', ['--private', '-c', FISH], [...LINES, 'glance add --file=my']), [
      'index',
      'disk_format=qcow2',
      '--os-interface=internal',
      'ubuntu-24.04',
      HOSTILE,
      'My Image',
      `it's "q"`,
      'name=',
      '--file=my disk.img',
    ])
  })

  it('zsh', async function () {
    if (!hasShell('zsh')) return void this.skip()
    assert.deepEqual(await run('zsh', ['-f', '-c', ZSH, 'zsh'], [...LINES, 'glance add --file=my']), [
      'glance index ',
      'glance index disk_format=qcow2 ',
      'glance --os-interface=internal ',
      'glance show ubuntu-24.04 ',
      String.raw`glance show x\$\(touch\ PWNED\)\`touch\ PWNED\`\;\ touch\ PWNED `,
      'glance show "My Image" ',
      `glance show 'it'\\''s "q"' `,
      'glance add name=',
      String.raw`glance add --file=my\ disk.img `,
    ])
  })
})
