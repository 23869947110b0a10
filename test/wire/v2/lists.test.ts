/** Lists of API v2, as recorded: the order and the images of each query, and the queries that are refused. */
import {replayV2} from './replay.js'

/** Makes an image with `size` bytes of data. */
function makeWithData(number: number, attributes: string, size: number): string {
  return `POST makes image ${number}
> POST /v2/images
> (body) {"id": "#${number}", ${attributes}}
< 201

PUT uploads ${size} bytes into image ${number}
> PUT /v2/images/#${number}/file
> content-type: application/octet-stream
> (body) (${size} times v)
< 204`
}

/** A list: names and sizes in order, and the link to the next page. */
function expectList(query: string, names: string, {next = 'none', as = 'alpha'} = {}): string {
  return `GET /v2/images${query} lists ${names === 'none' ? 'no image' : names} for ${as}
> GET /v2/images${query}
> as: ${as}
< 200
< (names) ${names}
< (next) ${next}`
}

/** A query that is 400. */
function refuse(query: string, message: string): string {
  return `GET /v2/images${query} is refused
> GET /v2/images${query}
< 400
< (html) ${message}`
}

replayV2(
  'lists',
  [
    `POST makes w
> POST /v2/images
> (body) {"name": "w", "disk_format": "raw", "container_format": "bare"}
< 201`,
    makeWithData(
      1,
      '"name": "img-a", "disk_format": "raw", "container_format": "bare", "os_distro": "debian", "tags": ["t1", "t2"]',
      10,
    ),
    makeWithData(
      2,
      '"name": "img-b", "disk_format": "raw", "container_format": "bare", "os_distro": "fedora", "tags": ["t1"]',
      200,
    ),
    makeWithData(
      3,
      '"name": "img,c", "disk_format": "raw", "container_format": "bare", "visibility": "private"',
      3000,
    ),
    `POST makes img-d
> POST /v2/images
> (body) {"id": "#4", "name": "img-d", "disk_format": "raw", "container_format": "bare", "visibility": "community"}
< 201`,
    makeWithData(
      5,
      '"name": "Großbild", "disk_format": "raw", "container_format": "bare", "os_hidden": true',
      5,
    ),
    makeWithData(6, '"name": "img-a", "disk_format": "qcow2", "container_format": "bare"', 7),
    expectList('', 'img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)'),
    expectList('?limit=2', 'img-a(7) img-d(-)', {next: '/v2/images?limit=2&marker=#4'}),
    expectList('?limit=0', 'none'),
    expectList('?limit=2&marker=#3', 'img-b(200) img-a(10)', {next: '/v2/images?limit=2&marker=#1'}),
    expectList('?limit=2&sort=name:asc', 'img,c(3000) img-a(10)', {
      next: '/v2/images?limit=2&sort=name%3Aasc&marker=#1',
    }),
    expectList('?sort=size:desc', 'img,c(3000) img-b(200) img-a(10) img-a(7) img-d(-) w(-)'),
    expectList('?sort_key=name&sort_dir=asc', 'img,c(3000) img-a(10) img-a(7) img-b(200) img-d(-) w(-)'),
    expectList(
      '?sort_key=name&sort_dir=asc&sort_key=size&sort_dir=desc',
      'img,c(3000) img-a(10) img-a(7) img-b(200) img-d(-) w(-)',
    ),
    expectList('?sort=name', 'w(-) img-d(-) img-b(200) img-a(7) img-a(10) img,c(3000)'),
    expectList('?sort=name:asc,size:desc', 'img,c(3000) img-a(10) img-a(7) img-b(200) img-d(-) w(-)'),
    expectList('?size_min=10', 'img,c(3000) img-b(200) img-a(10)'),
    expectList('?size_max=200', 'img-a(7) img-b(200) img-a(10)'),
    expectList('?size_min=10&size_max=200', 'img-b(200) img-a(10)'),
    expectList('?visibility=private', 'img,c(3000)'),
    expectList('?visibility=shared', 'img-a(7) img-b(200) img-a(10) w(-)'),
    expectList('?visibility=community', 'img-d(-)'),
    expectList('?visibility=public', 'none'),
    expectList('?visibility=all', 'img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)'),
    expectList('?owner=alpha', 'img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)'),
    expectList('?owner=beta', 'none'),
    expectList('?name=img-a', 'img-a(7) img-a(10)'),
    expectList('?name=IMG-A', 'none'),
    expectList('?name=img', 'none'),
    expectList('?name=in:img-a,img-b', 'img-a(7) img-b(200) img-a(10)'),
    expectList('?name=in:%22img,c%22,img-a', 'img-a(7) img,c(3000) img-a(10)'),
    expectList('?name=img,c', 'img,c(3000)'),
    expectList('?status=active', 'img-a(7) img,c(3000) img-b(200) img-a(10)'),
    expectList('?status=in:active,queued', 'img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)'),
    expectList('?status=in:queued,saving', 'img-d(-) w(-)'),
    expectList('?id=in:#1,#2', 'img-b(200) img-a(10)'),
    expectList('?id=#1', 'img-a(10)'),
    expectList('?disk_format=in:qcow2,raw', 'img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)'),
    expectList('?disk_format=qcow2', 'img-a(7)'),
    expectList('?container_format=bare', 'img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)'),
    expectList('?tag=t1', 'img-b(200) img-a(10)'),
    expectList('?tag=t1&tag=t2', 'img-a(10)'),
    expectList('?os_distro=debian', 'img-a(10)'),
    expectList('?os_distro=in:debian,fedora', 'none'),
    expectList('?os_hidden=true', 'Großbild(5)'),
    expectList('?os_hidden=false', 'img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)'),
    expectList('?protected=true', 'none'),
    expectList('?protected=false', 'img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)'),
    expectList('?checksum=nix', 'none'),
    expectList('?os_hash_value=nix', 'none'),
    expectList(
      '?created_at=gt:2020-01-01T00:00:00Z',
      'img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)',
    ),
    expectList('?created_at=lt:2020-01-01T00:00:00Z', 'none'),
    expectList(
      '?updated_at=gte:2020-01-01T00:00:00Z',
      'img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)',
    ),
    expectList('?min_ram=0', 'img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)'),
    expectList('?nonsense=x', 'none'),
    expectList('?name=Gro%C3%9Fbild&os_hidden=true', 'Großbild(5)'),
    expectList('?member_status=all', 'img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)'),
    expectList('?member_status=accepted', 'img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)'),
    expectList('?visibility=shared&member_status=all', 'img-a(7) img-b(200) img-a(10) w(-)'),
    refuse(
      '?changes-since=2020-01-01T00:00:00Z',
      'The &quot;changes-since&quot; filter is no longer available on v2.',
    ),
    refuse('?limit=-1', 'limit param must be positive'),
    refuse('?limit=x', 'limit param must be an integer'),
    refuse('?marker=nonsense', 'No image found with ID nonsense'),
    refuse(
      '?marker=8705948e-2f69-447e-be71-8c31ea26a8da',
      'No image found with ID 8705948e-2f69-447e-be71-8c31ea26a8da',
    ),
    refuse(
      '?sort=nonsense',
      'Invalid sort key: nonsense. It must be one of the following: name, status, container_format, disk_format, size, id, created_at, updated_at.',
    ),
    refuse('?sort=name:up', 'Invalid sort direction: up'),
    refuse(
      '?sort_key=nonsense',
      'Invalid sort key: nonsense. It must be one of the following: name, status, container_format, disk_format, size, id, created_at, updated_at.',
    ),
    refuse('?sort_dir=up', 'Invalid sort direction: up'),
    refuse('?sort=name&sort_key=name', 'Old and new sorting syntax cannot be combined'),
    refuse('?size_min=x', 'Unable to filter on a range with a non-numeric value.'),
    expectList('?size_min=-1', 'img-a(7) img,c(3000) img-b(200) img-a(10)'),
    refuse('?visibility=nonsense', 'Invalid visibility value: nonsense'),
    refuse('?member_status=nonsense', 'Invalid status: nonsense'),
    expectList('?status=nonsense', 'none'),
    refuse(
      '?created_at=yesterday',
      'Bad &quot;created_at&quot; query filter format. Use ISO 8601 DateTime notation.',
    ),
    expectList('?name=in:', 'none'),
    refuse('?name=in:%22a', 'Invalid filter value &quot;a. The quote is not closed.'),
    refuse(
      '?os_hidden=maybe',
      'Invalid value &#x27;maybe&#x27; for &#x27;os_hidden&#x27; filter. Valid values are &#x27;true&#x27; or &#x27;false&#x27;.',
    ),
    refuse(
      '?protected=maybe',
      'Invalid value &#x27;maybe&#x27; for &#x27;protected&#x27; filter. Valid values are &#x27;true&#x27; or &#x27;false&#x27;.',
    ),
    expectList('?is_public=true', 'none'),
    expectList('?property-os_distro=debian', 'none'),
    expectList('?deleted=true', 'img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)'),
    expectList('', 'none', {as: 'beta'}),
    expectList('?visibility=community', 'img-d(-)', {as: 'beta'}),
    expectList('?visibility=all', 'img-d(-)', {as: 'beta'}),
    expectList('?owner=alpha', 'none', {as: 'beta'}),
    expectList('?visibility=private', 'none', {as: 'beta'}),
    expectList('', 'img-a(7) img,c(3000) img-b(200) img-a(10) w(-)', {as: 'admin'}),
    expectList('?visibility=all', 'img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)', {as: 'admin'}),
    expectList('?visibility=private', 'img,c(3000)', {as: 'admin'}),
    expectList('?visibility=shared', 'img-a(7) img-b(200) img-a(10) w(-)', {as: 'admin'}),
    expectList('?owner=alpha', 'img-a(7) img,c(3000) img-b(200) img-a(10) w(-)', {as: 'admin'}),
    expectList('?os_hidden=true', 'Großbild(5)', {as: 'admin'}),
  ].join('\n\n'),
)
