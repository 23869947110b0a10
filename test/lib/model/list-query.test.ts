/** The order of a list, as users write it. */
import assert from 'node:assert/strict'
import {type GivenOrder, toSort} from '../../../src/lib/model/filters.js'

const read = (given: GivenOrder) =>
  toSort(given, name => `--${name}`)
    ?.map(({key, direction}) => `${key} ${direction}`)
    .join()

describe('the order of a list', () => {
  for (const [given, order] of [
    [{}, undefined],
    [{sort: 'name:asc,size:desc'}, 'name asc,size desc'],
    [
      {sort: 'name,status,container_format,disk_format,id'},
      'name asc,status asc,container_format asc,disk_format asc,id asc',
    ],
    [{sort: 'size,created_at,updated_at'}, 'size desc,created_at desc,updated_at desc'],
    [{sort: ' Created-At:ASC , name:DESC'}, 'created_at asc,name desc'],
    [{sortKey: 'name'}, 'name asc'],
    [{sortKey: 'size'}, 'size desc'],
    [{sortKey: 'size', sortDir: 'asc'}, 'size asc'],
    [{sortDir: 'asc'}, 'created_at asc'],
  ] as const) {
    it(`${JSON.stringify(given)} is ${order}`, () => assert.equal(read(given), order))
  }

  for (const [given, message] of [
    [{sort: 'nam'}, /^invalid --sort 'nam': expected one of name, status, /],
    [{sort: 'name,'}, /^invalid --sort '': expected one of /],
    [{sort: ''}, /^invalid --sort '': expected one of /],
    [{sort: 'name:up'}, /^invalid --sort 'name:up': expected name:asc or name:desc$/],
    [{sort: 'name:asc:desc'}, /^invalid --sort 'name:asc:desc': expected name:asc or name:desc$/],
    [{sort: 'name,size,name:desc'}, /^invalid --sort 'name,size,name:desc': name is given twice$/],
    [{sort: 'name', sortKey: 'size'}, /^--sort and --sortKey cannot be combined$/],
    [{sort: 'name', sortDir: 'asc'}, /^--sort and --sortDir cannot be combined$/],
  ] as const) {
    it(`refuses ${JSON.stringify(given)}`, () => assert.throws(() => read(given), {kind: 'usage', message}))
  }
})
