/** Settings of the log: its file, its form, and its level. */
import assert from 'node:assert/strict'
import {mkdir, symlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {readLogSettings} from '../../src/server/log-settings.js'
import {GivenSettings} from '../../src/server/settings/sources.js'
import {useTempDir} from '../support/temp-dir.js'

describe('settings of the log', () => {
  const folder = useTempDir()

  const read = (assignments: readonly string[], dataDir = '/srv/images') =>
    readLogSettings(new GivenSettings({assignments, env: {}}), 'glance-api', dataDir)

  it('have defaults', async () => {
    assert.deepEqual(await read([]), {
      program: 'glance-api',
      format: 'text',
      dateFormat: '%Y-%m-%d %H:%M:%S',
      level: 'INFO',
      verbose: false,
      file: undefined,
      warnings: [],
    })
  })

  it('are verbose with debug', async () => {
    const {verbose, level} = await read(['debug=true'])
    assert.deepEqual([verbose, level], [true, 'DEBUG'])
  })

  for (const [assignments, file] of [
    [['log_file=/var/log/x'], '/var/log/x'],
    [['log_file=/var/log/x', 'log_dir=/var/log/glance'], '/var/log/x'],
    [['log_file=api.log', 'log_dir=/var/log/glance'], '/var/log/glance/api.log'],
    [['log_dir=/var/log/glance'], '/var/log/glance/glance-api.log'],
    [['log_file='], undefined],
  ] as const) {
    it(`name the file ${file} by ${assignments.join(' ')}`, async () => {
      assert.equal((await read(assignments)).file, file)
    })
  }

  for (const file of ['/srv/images', '/srv/images/service.log', '/srv/images/images/x', '/srv/images/..x']) {
    it(`refuse the file ${file} in the data directory`, async () => {
      const message = `cannot use ${file} as the log file`
      await assert.rejects(read([`log_file=${file}`]), {kind: 'usage', message})
    })
  }
  for (const file of ['/srv/images.log', '/srv/..images', '/var/log/x']) {
    it(`accept the file ${file} outside the data directory`, async () => {
      assert.equal((await read([`log_file=${file}`])).file, file)
    })
  }

  it('refuse a file in the data directory by another path', async () => {
    const dataDir = join(folder(), 'data')
    await symlink('data', join(folder(), 'link'))
    await mkdir(dataDir)
    await writeFile(join(dataDir, 'x'), '')
    await symlink('data/x', join(folder(), 'log'))
    for (const file of [join(folder(), 'link', 'new.log'), join(folder(), 'log')]) {
      const message = `cannot use ${file} as the log file`
      await assert.rejects(read([`log_file=${file}`], dataDir), {kind: 'usage', message})
    }
  })

  it('refuse a form of times that is not understood', async () => {
    await assert.rejects(read(['log_date_format=%Q']), {
      message: /^invalid log_date_format '%Q': expected a text with %% %a %A %b /,
    })
  })

  /** Reads with a file for the logging of Python. */
  async function readConfig(content: string) {
    const path = join(folder(), 'logging.conf')
    await writeFile(path, content)
    const {level, verbose, warnings} = await read([`log_config=${path}`])
    return [level, verbose, warnings.map(line => line.replace(path, 'FILE'))]
  }

  it('take the level of a file for the logging of Python, and tell what is ignored', async () => {
    assert.deepEqual(await readConfig('[logger_root]\nlevel = WARNING\n'), ['WARNING', false, []])
    assert.deepEqual(
      await readConfig('[loggers]\nkeys = root\n[logger_root]\nlevel=debug\nhandlers=file\n'),
      ['DEBUG', true, ['FILE: only the level of [logger_root] counts; ignored: [loggers]']],
    )
    await assert.rejects(readConfig('[loggers]\nkeys=root\n'), {
      message: /^invalid log_config .*logging\.conf: expected a level in \[logger_root\]$/,
    })
    await assert.rejects(readConfig('[logger_root]\nlevel = LOUD\n'), {
      why: "'LOUD' is none of NOTSET, DEBUG, INFO, WARN, WARNING, ERROR, CRITICAL",
    })
  })
})
