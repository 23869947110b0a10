/** The URL of the service. */
import assert from 'node:assert/strict'
import {type ServiceAddress, serviceUrl} from '../../../src/lib/api/service-url.js'
import {Failure} from '../../../src/lib/model/errors.js'

describe('the address of the service', () => {
  const good: [ServiceAddress, string, (1 | 2)?][] = [
    [{}, 'http://127.0.0.1:9292'],
    [{host: 'images', port: 80}, 'http://images'],
    [{host: 'images', port: 8080, ssl: true}, 'https://images:8080'],
    [{host: '::1'}, 'http://[::1]:9292'],
    [{host: '[::1]'}, 'http://[::1]:9292'],
    [{host: '2001:db8::1', port: 1}, 'http://[2001:db8::1]:1'],
    [{url: 'http://a:1', host: 'b', port: 2, ssl: true}, 'http://a:1'],
    [{url: ''}, 'http://127.0.0.1:9292'],
    [{url: 'https://cloud.example.com/image/'}, 'https://cloud.example.com/image'],
    [{url: 'https://cloud.example.com/image/v1'}, 'https://cloud.example.com/image', 1],
    [{url: 'http://a:1/v1/'}, 'http://a:1', 1],
    [{url: 'http://a:1/v1.0'}, 'http://a:1', 1],
    [{url: 'http://a:1/v1.1/'}, 'http://a:1', 1],
    [{url: 'http://a:1/v2'}, 'http://a:1', 2],
    [{url: 'http://a:1/v2.15'}, 'http://a:1', 2],
    [{url: 'http://a:1/v1/images'}, 'http://a:1/v1/images'],
    [{url: 'http://a:1/dev1'}, 'http://a:1/dev1'],
    [{url: 'HTTP://A:1//'}, 'http://a:1'],
  ]
  for (const [given, url, version] of good) {
    it(`${JSON.stringify(given)} is ${url}${version ? ` in version ${version}` : ''}`, () => {
      assert.deepEqual(serviceUrl(given), version ? {url, preferred: version} : {url})
    })
  }

  const bad: [ServiceAddress, RegExp][] = [
    [{url: 'images:9292'}, /not an http or https URL/],
    [{url: 'ftp://images'}, /not an http or https URL/],
    [{url: 'nonsense'}, /not an http or https URL/],
    [{url: 'http://a?x=1'}, /a query or a fragment/],
    [{url: 'http://user:geheim@a'}, /user name or password/],
    [{url: 'http://a:1/v3'}, /unsupported Image API version 3 it is in the address http:\/\/a:1\/v3/],
    [{host: 'http://a'}, /invalid host name/],
    [{host: 'a:80'}, /invalid host name/],
    [{host: 'user:geheim@a'}, /invalid host name/],
    [{host: 'a b'}, /invalid host name/],
    [{host: ''}, /invalid host name/],
    [{port: 0}, /invalid port 0/],
    [{port: 65536}, /invalid port 65536/],
    [{port: 1.5}, /invalid port 1.5/],
  ]
  for (const [given, why] of bad) {
    it(`${JSON.stringify(given)} is not a valid address`, () => {
      assert.throws(
        () => serviceUrl(given),
        (error: Failure) => {
          assert.equal(error.kind, 'usage')
          const said = `${error.message} ${error.why ?? ''} ${error.advice ?? ''}`
          assert.match(said, why)
          assert.doesNotMatch(said, /geheim/)
          return true
        },
      )
    })
  }

  it('a failure is a Failure', () => assert.throws(() => serviceUrl({port: -1}), Failure))
})
