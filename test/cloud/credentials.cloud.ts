/** Other credentials for the cloud on this machine, and refused ones. */
import assert from 'node:assert/strict'
import {
  APPLICATION_CREDENTIAL,
  describeLab,
  ENDPOINT,
  IMAGE_URL,
  KEYSTONE_URL,
  logIn,
  loginVariables,
  NOAUTH_URL,
  OWN,
  useCache,
  type Variables,
} from './clouds.js'

const BY_CREDENTIAL: Variables = {
  OS_AUTH_TYPE: 'v3applicationcredential',
  OS_AUTH_URL: KEYSTONE_URL,
  OS_USERNAME: 'alpha',
  OS_USER_DOMAIN_NAME: 'Default',
  OS_APPLICATION_CREDENTIAL_NAME: APPLICATION_CREDENTIAL.name,
  OS_APPLICATION_CREDENTIAL_SECRET: APPLICATION_CREDENTIAL.secret,
  ...ENDPOINT,
}

const ALPHA = loginVariables('alpha')

describeLab('rights in the cloud on this machine', () => {
  const {run} = useCache()

  it('an application credential adds, shows and deletes', async () => {
    const added = await run(['add', 'name=by a credential'], BY_CREDENTIAL, {stdin: 'data'})
    assert.equal(added.code, 0, added.stderr)
    const id = /ID: (\S+)/.exec(added.stdout)?.[1] ?? ''
    assert.match((await run(['show', id], ALPHA)).stdout, /^Status: active$/m)
    assert.equal((await run(['delete', '--force', id], BY_CREDENTIAL)).code, 0)
  })

  it('a wrong secret of one is refused, and not printed', async () => {
    const ran = await run(['index'], {
      ...BY_CREDENTIAL,
      OS_APPLICATION_CREDENTIAL_SECRET: 'wrong-secret',
    })
    assert.equal(ran.code, 4)
    assert.doesNotMatch(ran.stderr + ran.stdout, /wrong-secret/)
  })

  it('a token of an earlier login suffices with an address', async () => {
    const {token, api} = await logIn('alpha')
    const ran = await run(['index'], {OS_AUTH_TOKEN: token, OS_IMAGE_URL: IMAGE_URL})
    assert.equal(ran.code, 0, ran.stderr)
    await api.close()
  })

  it('a project that does not exist is refused', async () => {
    assert.equal((await run(['index'], {...ALPHA, OS_PROJECT_NAME: 'nobody'})).code, 4)
  })

  it('a service without authentication accepts every command, over either version', async () => {
    const added = await run(['--url', NOAUTH_URL, 'add', 'name=nobody asked'], {}, {stdin: 'data'})
    const id = /ID: (\S+)/.exec(added.stdout)?.[1] ?? ''
    assert.equal((await run(['--url', `${NOAUTH_URL}/v1`, 'show', id], {})).code, 0)
    const strict = await run(['--url', NOAUTH_URL, '--os-image-api-version', '1', 'show', id], {})
    assert.equal(strict.code, OWN ? 0 : 1)
    if (!OWN) assert.match(strict.stderr, /no Image API v1/)
    assert.equal((await run(['--url', NOAUTH_URL, 'delete', '--force', id], {})).code, 0)
  })
})
