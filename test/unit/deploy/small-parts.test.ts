// The small parts of deploying: what a command line means, ids in wrangler.toml, what counts as set already, what a signal
// leaves behind.

import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { readAccess } from '../../../tools/cloudflare/api.ts'
import { readEnvironment } from '../../../tools/cloudflare/environment.ts'
import { readDeployOptions } from '../../../tools/deploy/options.ts'
import { includes } from '../../../tools/deploy/plan.ts'
import { uploadFirst, withDatabaseIds } from '../../../tools/deploy/release.ts'

describe('the command line', () => {
  it.each([
    ['nothing', []],
    ['an unknown option', ['--env', 'production', '--force']],
    ['no share', ['--env', 'production', '--gradual', '0']],
    ['more than all', ['--env', 'production', '--gradual', '101']],
    ['half a share', ['--env', 'production', '--gradual', '0.5']],
    ['no such place', ['--env', 'production', '--location', 'moon']],
  ])('with %s says what it takes', (_what, args) => {
    expect(readDeployOptions(args, {})).toMatchObject({ kind: 'say', exitCode: 2 })
  })

  it('is answered by its help', () => {
    expect(readDeployOptions(['--help'], {})).toMatchObject({ kind: 'say', exitCode: 0 })
  })

  it('takes the environment of the shell, and in Cloudflare’s own builds the top of the file', () => {
    const environmentOf = (args: readonly string[], env: Record<string, string>) => {
      const choice = readDeployOptions(args, env)
      return choice.kind === 'run' ? choice.options.environment : choice.kind
    }
    expect(environmentOf([], { CLOUDFLARE_ENV: 'staging' })).toBe('staging')
    expect(environmentOf(['--env', 'production'], { CLOUDFLARE_ENV: 'staging' })).toBe('production')
    expect(environmentOf([], { WORKERS_CI: '1' })).toBe('')
    expect(environmentOf([], { CI: 'true' })).toBe('say')
  })
})

describe('access', () => {
  it('names all that is missing', () => {
    expect(readAccess({ CLOUDFLARE_API_TOKEN: ' ' })).toEqual({
      missing: ['CLOUDFLARE_ACCOUNT_ID', 'CLOUDFLARE_API_TOKEN'],
    })
  })

  it('is of Cloudflare’s own API unless another is named', () => {
    const env = { CLOUDFLARE_ACCOUNT_ID: 'a', CLOUDFLARE_API_TOKEN: 't' }
    expect(readAccess(env)).toMatchObject({ baseUrl: 'https://api.cloudflare.com/client/v4' })
    expect(readAccess({ ...env, CLOUDFLARE_API_BASE_URL: 'http://[::1]:1/' })).toMatchObject({
      baseUrl: 'http://[::1]:1',
    })
  })
})

describe('ids of databases', () => {
  const ids = new Map([['one', 'id-1']])

  it('go into tables and into inline tables, of those that are known', () => {
    expect(withDatabaseIds('[[d1_databases]]\nbinding = "DB"\ndatabase_name = "one"', ids)).toBe(
      '[[d1_databases]]\nbinding = "DB"\ndatabase_name = "one"\ndatabase_id = "id-1"',
    )
    expect(
      withDatabaseIds('d = [{ database_name = "one", x = 1 }, { database_name = "two" }]', ids),
    ).toBe(
      'd = [{ database_name = "one", database_id = "id-1", x = 1 }, { database_name = "two" }]',
    )
  })

  it('leave comments and what has one alone', () => {
    for (const line of [
      '# database_name = "one"',
      'd = { database_name = "one", database_id = "x" }',
    ])
      expect(withDatabaseIds(line, ids)).toBe(line)
  })
})

describe('what the platform has', () => {
  it('may be more than is wanted, and not less', () => {
    const wanted = { enabled: true, logs: { rate: 1 } }
    expect(includes({ ...wanted, extra: 1, logs: { rate: 1, more: null } }, wanted)).toBe(true)
    expect(includes({ enabled: true }, wanted)).toBe(false)
    expect(includes({ ...wanted, enabled: false }, wanted)).toBe(false)
    expect(includes(null, wanted)).toBe(false)
  })
})

describe('a run that is stopped by a signal', () => {
  it('leaves no file with secrets, and ends as the signal says', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockline-signal-'))
    const configPath = join(folder, 'wrangler.toml')
    writeFileSync(
      configPath,
      'name = "w"\nmain = "src/index.ts"\ncompatibility_date = "2026-10-20"\n',
    )
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never)
    const before = process.listeners('SIGINT')
    const deployFiles = () => readdirSync(folder).filter((file) => file.includes('.deploy.'))
    const seen: { files: readonly string[]; mode: number }[] = []
    await uploadFirst(
      async () => {
        const secrets = join(folder, 'wrangler.top.deploy.secrets.json')
        seen.push({ files: deployFiles(), mode: statSync(secrets).mode & 0o777 })
        const [handler] = process.listeners('SIGINT').filter((one) => !before.includes(one))
        handler?.('SIGINT')
        expect(deployFiles()).toEqual([])
        return { code: 0, output: '' }
      },
      {
        environment: readEnvironment(configPath, ''),
        databaseIds: new Map(),
        ...{ release: 'r', message: 'm', secrets: { API_KEYS: 'a-secret' } },
      },
    )
    expect(seen).toEqual([
      { files: ['wrangler.top.deploy.secrets.json', 'wrangler.top.deploy.toml'], mode: 0o600 },
    ])
    expect(exit).toHaveBeenCalledExactlyOnceWith(130)
    expect(process.listeners('SIGINT')).toEqual(before)
    exit.mockRestore()
    rmSync(folder, { recursive: true })
  })
})
