/** Runs in unusual surroundings: without a home or current folder, with servers that misbehave. */
import assert from 'node:assert/strict'
import {runLine} from '../support/command-line.js'
import {shell} from '../support/glance-process.js'
import {serve, serveSockets} from '../support/http/serve.js'

const PAGE =
  '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.18.0</center></body></html>'

describe('the tool', () => {
  it('needs neither a current folder nor a home', async () => {
    const server = await serve((_, response) => response.end('{"images": []}'))
    const line =
      'mkdir "$T/gone"; cd "$T/gone"; rmdir "$T/gone"; T=$(mktemp -d); glance index; glance --help >/dev/null'
    const {code, stderr} = await shell(`T=$(mktemp -d); ${line}`, `${server.url}/v2`, {HOME: ''}).ended
    await server.close()
    assert.deepEqual([code, stderr], [0, ''])
  })

  it('says in a sentence that the current folder is gone, where it needs it', async () => {
    const line = 'T=$(mktemp -d); cd "$T"; rmdir "$T"; glance --os-cloud x index'
    const {code, stderr} = await shell(line, '').ended
    assert.equal(code, 2)
    assert.equal(stderr, 'glance: the current folder does not exist\n  Change to another folder.\n')
  })

  it('says in a sentence that it cannot open its files', async () => {
    const {code, stderr} = await shell('ulimit -n 26; glance --url http://127.0.0.1:1 index', '').ended
    // Newer versions of Node open fewer files, and get as far as the service.
    if (code !== 6) {
      assert.equal(code, 1)
      assert.match(stderr, /^glance: (cannot start|too many open files)\n.*ulimit -n\)?\.\n$/s)
    }
    assert.match(stderr, /^glance: /)
    assert.doesNotMatch(stderr, /^ +at /m)
  })

  it('names the proxy that answered, and no quota', async () => {
    const server = await serve((_, response) => response.writeHead(502).end(PAGE))
    const {code, stderr} = await runLine('glance --retries 0 index', '/', `${server.url}/v2`)
    await server.close()
    assert.equal(code, 6)
    assert.equal(stderr, 'glance: cannot list the images\n  502 Bad Gateway (nginx/1.18.0)\n')
  })

  it('ends a series of interim responses', async () => {
    const server = await serveSockets(socket => {
      socket.once('data', () => socket.write('HTTP/1.1 102 Processing\r\n\r\n'.repeat(200)))
    })
    const {code, stderr} = await runLine('glance --retries 0 index', '/', `${server.url}/v2`)
    await server.close()
    assert.equal(code, 1)
    assert.match(stderr, /\n {2}it sent more than 100 interim responses\n/)
  })

  it('is not stopped by a redirection to a megabyte', async () => {
    const server = await serve((_, response) =>
      response.writeHead(302, {location: `http://${'a.'.repeat(500_000)}`}).end(),
    )
    const {code, stderr} = await runLine('glance --debug --retries 0 index', '/', `${server.url}/v2`)
    await server.close()
    assert.equal(code, 1)
    assert.match(stderr, /\n {2}the server redirects to http:\/\/(a\.){400,500}a?\.\.\.\n/)
  })

  it('refuses half a character in an id of the service', async () => {
    const server = await serve((_, response) =>
      response.end(
        '{"images": [{"id": "\\ud800", "name": "n", "status": "active", "visibility": "shared"}]}',
      ),
    )
    const listed = await runLine('glance index', '/', `${server.url}/v2`)
    const {code, stderr} = await runLine('glance delete --force n', '/', `${server.url}/v2`)
    await server.close()
    assert.deepEqual([listed.code, listed.stderr, code], [0, '', 2])
    assert.match(listed.stdout, /\\ud800/)
    assert.equal(stderr, "glance: invalid id '\\ud800'\n")
  })

  it('masks a token that the service returns', async () => {
    const token = `gAAAAABn${'x'.repeat(170)}`
    const server = await serve((_, response) =>
      response.writeHead(500, {'x-openstack-request-id': `req-${token}`}).end(`cannot use img_${token}_1`),
    )
    const env = {OS_AUTH_TOKEN: token}
    const {stderr} = await runLine('glance --retries 0 index', '/', `${server.url}/v2`, env)
    await server.close()
    assert.equal(stderr, 'glance: cannot list the images\n  cannot use img_***_1\n')
  })
})
